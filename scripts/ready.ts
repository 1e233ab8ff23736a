/** Does nothing: run through `with-node.mjs`, it leaves the dependencies installed. */
process.stderr.write(`Node ${process.version} and the dependencies are ready\n`);
