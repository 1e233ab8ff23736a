# avro-scim as an image: Node, the C library, and what `npm pack` packs with its production dependencies. No shell, no
# package manager. docs/image.md tells how it is built and run.
#   docker build --build-arg COMMIT="$(git rev-parse HEAD)" -t avro-scim .
# Everything comes from this one image; add @sha256:… to it where builds must be the same to the byte.
ARG BASE_IMAGE=docker.io/library/node:24.22.3-trixie-slim

# What is built: the package.
FROM ${BASE_IMAGE} AS package
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
ARG COMMIT=unknown
RUN AVRO_SCIM_COMMIT="${COMMIT}" node scripts/build.ts \
 && npm pack --ignore-scripts --pack-destination /tmp \
 && mkdir /app \
 && tar -xzf /tmp/avro-scim-*.tgz --strip-components=1 -C /app

# What it needs to run, without what only compilers, debuggers and readers need. Licences stay.
FROM ${BASE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 && find node_modules -type f \( -name '*.map' -o -name '*.[mc]ts' -o -name '*.ts' \) -delete \
 && find node_modules -type f -iname '*.md' ! -iname 'licen[cs]e*' ! -iname 'notice*' -delete

# The root of the image: the libraries that Node is linked to, and the packages they are of, for scanners.
FROM ${BASE_IMAGE} AS root
COPY --from=package /app /app
COPY --from=dependencies /app/node_modules /app/node_modules
COPY scripts/image-root.sh /tmp/image-root.sh
# Node starts faster from what it has compiled once. It keeps that apart by user, and readable by that one alone.
RUN sh /tmp/image-root.sh /root-of-image /app \
 && install --directory --mode=777 /app/.compiled \
 && setpriv --reuid=10001 --regid=10001 --clear-groups \
      env NODE_COMPILE_CACHE=/app/.compiled node /app/dist/src/main.js --version \
 && chmod --recursive a+rX,go-w /app/.compiled

FROM scratch
ARG COMMIT=unknown
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="avro-scim" \
      org.opencontainers.image.description="Identity events from Kafka become true at SCIM targets: in order, with nothing lost, leavers first." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${COMMIT}"
COPY --from=root /root-of-image /
COPY --from=root --chown=10001:10001 /root-of-image/var/lib/avro-scim /var/lib/avro-scim
COPY --from=root /app /app
# HOME: some libraries look for settings there. The config and the secrets are mounted; docs/image.md.
ENV PATH=/usr/local/bin \
    HOME=/tmp \
    NODE_ENV=production \
    NODE_COMPILE_CACHE=/app/.compiled \
    AVRO_SCIM_CONFIG=/etc/avro-scim/avro-scim.yaml \
    AVRO_SCIM_LIVEZ=http://127.0.0.1:9464/livez
WORKDIR /app
USER 10001:10001
# Nothing that it loads is missing from what was laid out.
RUN ["node", "/app/dist/src/main.js", "--version"]
EXPOSE 9464
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "--eval", "fetch(process.env.AVRO_SCIM_LIVEZ).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--disable-warning=TimeoutNegativeWarning", "/app/dist/src/main.js"]
CMD ["run"]
