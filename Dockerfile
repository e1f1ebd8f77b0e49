# syntax=docker/dockerfile:1

# glibc, because that is what most machines test with; every native module comes prebuilt, nothing is compiled here.
FROM node:24-bookworm-slim AS base
WORKDIR /app
COPY package.json package-lock.json .npmrc ./

FROM base AS build
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY dev/build-page.mjs ./dev/
RUN npx tsc -p tsconfig.build.json && node dev/build-page.mjs

FROM base AS dependencies
RUN npm ci --omit=dev --ignore-scripts

# The mock of the API, for docker-compose.yml: docker build --target mock .
FROM build AS mock-build
COPY dev/mock ./dev/mock
RUN npx esbuild dev/mock/main.ts --bundle --platform=node --target=node20 --outfile=/mock/main.cjs

FROM node:24-bookworm-slim AS mock
ENV NODE_ENV=production MOCK_HOST=0.0.0.0 MOCK_PORT=4010
COPY --from=mock-build /mock /mock
USER node
EXPOSE 4010
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.MOCK_PORT + '/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "/mock/main.cjs"]

# What fills an engine with the example processes and ends, for docker-compose.yml: docker build --target examples .
FROM build AS examples-build
COPY dev/engine ./dev/engine
COPY dev/demo ./dev/demo
RUN npx esbuild dev/demo/deploy-examples.ts --bundle --platform=node --target=node20 --outfile=/examples/main.cjs

FROM node:24-bookworm-slim AS examples
ENV NODE_ENV=production EXAMPLES_FOLDER=/examples/bpmn-examples
COPY --from=examples-build /examples /examples
COPY bpmn-examples /examples/bpmn-examples
USER node
CMD ["node", "/examples/main.cjs"]

# The worker: what `docker build .` makes. Behind `engine` it is the local engine: node dist/main.js engine --help
FROM node:24-bookworm-slim AS worker
# The SDK would keep tokens on disk; the root file system may be read-only.
# Limits that make Node collect garbage earlier, as in `npm start`; docs/operating.md says when to change them.
ENV NODE_ENV=production CAMUNDA_TOKEN_DISK_CACHE_DISABLE=true \
    NODE_OPTIONS="--max-old-space-size=1024 --max-semi-space-size=8"
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
# For CONNECTOR_LEDGER=file:/data, or the engine's data, with a volume there.
RUN install -d -o node -g node /data
USER node
EXPOSE 8088
# Alive, not ready: a cluster that is away for a while is no reason to restart the worker. Port 0 means switched off.
HEALTHCHECK --interval=15s --timeout=5s --start-period=15s \
  CMD ["node", "-e", "const port = process.env.CONNECTOR_MANAGEMENT_PORT || '8088'; port === '0' ? process.exit(0) : fetch('http://127.0.0.1:' + port + '/health/live').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
