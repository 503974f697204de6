# One image for every worker, the migration, the simulators and the muster command; the arguments say which.
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /muster
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
# The optional packages are a PostgreSQL for local stacks, and the compiler of the workflow bundle, which is made here.
# Temporal's core comes for every platform, each some 25 MB.
RUN npm run build \
  && npm prune --omit=dev --omit=optional --no-audit --no-fund \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name '*-linux-gnu' -exec rm -r {} +

FROM node:20.20.2-bookworm-slim
# Temporal's core reads the system's certificates, not those of Node; the slim image has none.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner=node --group=node /var/lib/muster
ENV NODE_ENV=production
WORKDIR /muster
COPY --from=build /muster/package.json ./
COPY --from=build /muster/node_modules node_modules
COPY --from=build /muster/activities/ledger/schema activities/ledger/schema
COPY --from=build /muster/activities/ledger/functions activities/ledger/functions
COPY --from=build /muster/activities/ledger/roles.sql activities/ledger/roles.sql
COPY --from=build /muster/dist dist
COPY deploy/simulators.mjs deploy/
# The image's user "node", by number, so that an orchestrator can see that it is not root.
USER 1000:1000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.MUSTER_HEALTH_PORT || 8080) + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node itself gets the signals. Run it with an init (docker run --init): as process 1 it would not die of one before it
# listens for it.
ENTRYPOINT ["node", "dist/workers/main.js"]
CMD ["--help"]
