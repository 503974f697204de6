/** The versions of the programs that the local stack downloads or builds. */

/**
 * The Temporal CLI, whose `server start-dev` is the local Temporal server. v1.5.1 contains server 1.29.1 and UI 2.42.1. From
 * v1.7 on its go.mod has a `replace`, which `go install` refuses: a version above 1.6 needs another way to build it.
 */
export const TEMPORAL_CLI = {
  version: '1.5.1',
  goPackage: 'github.com/temporalio/cli/cmd/temporal',
  /** The download service of the Temporal SDKs. It answers JSON with `archiveUrl` and `fileToExtract`. */
  downloadUrl: 'https://temporal.download/cli/v1.5.1',
} as const;

/** Temporal's Web UI. This release is newer than the UI inside any CLI that `go install` can build. */
export const TEMPORAL_UI = {
  version: '2.54.1',
  goPackage: 'github.com/temporalio/ui-server/v2/cmd/server',
} as const;
