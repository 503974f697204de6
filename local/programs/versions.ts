/** Every version of a program that the local stack fetches or builds itself. */

/**
 * The Temporal CLI, whose `server start-dev` is the local Temporal server. v1.5.1 carries server 1.29.1 and UI 2.42.1.
 * Tags from 1.7 up carry a `replace` in their go.mod, which `go install` refuses: do not raise it past 1.6 without
 * another way to build it.
 */
export const TEMPORAL_CLI = {
  version: '1.5.1',
  goPackage: 'github.com/temporalio/cli/cmd/temporal',
  /** The service the Temporal SDKs ask for an archive; answers JSON with `archiveUrl` and `fileToExtract`. */
  downloadUrl: 'https://temporal.download/cli/v1.5.1',
} as const;

/** Temporal's Web UI, released on its own and newer than the one inside any CLI that `go install` can build. */
export const TEMPORAL_UI = {
  version: '2.54.1',
  goPackage: 'github.com/temporalio/ui-server/v2/cmd/server',
} as const;
