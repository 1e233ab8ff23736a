const words =
  /authorization|cookie|password|passphrase|passwd|secret|token|bearer|credential|api[-_]?key|private[-_]?key/i;
/** Keys that hold one of the words and yet no secret: an address or a lifetime is worth reading in a log. */
const harmless = /url$|seconds$|ms$|at$|type$|age$|state$/i;

/** Whether a field of this name holds a secret: its value is never printed, logged or shown. */
export const isSensitiveKey = (name: string): boolean =>
  words.test(name) ? !harmless.test(name) : name.toLowerCase() === 'key';
