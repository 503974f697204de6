import { Connection, type Client } from '@temporalio/client';
import { failed, unknown, ok, type Check } from '../../contracts/health.ts';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.ts';
import { searchAttributeGaps } from '../../platform/search-attributes.ts';

const CALL_TIMEOUT_MS = 5_000;
const DAY_S = 86_400;

/** Checks the server behind a connection: its version, the namespace, and the namespace's search attributes. */
export async function temporalChecks({ connection: server, options }: Client): Promise<Check[]> {
  const { namespace } = options;
  // The type includes connections inside a worker, which have no operator service.
  if (!(server instanceof Connection)) return [unknown('Temporal', 'the connection belongs to a worker')];
  const withDeadline = <T>(call: () => Promise<T>): Promise<T> =>
    server.withDeadline(Date.now() + CALL_TIMEOUT_MS, call);
  return [
    await checkOf('Temporal', 'Is it a Temporal server, and may this user call it?', async () => {
      const { serverVersion } = await withDeadline(() => server.workflowService.getSystemInfo({}));
      return ok('Temporal', `server ${serverVersion}`);
    }),
    await checkOf('namespace', `temporal operator namespace create ${namespace}`, async () => {
      const { config } = await withDeadline(() => server.workflowService.describeNamespace({ namespace }));
      const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
      return ok('namespace', `${namespace}; closed runs are kept ${Math.round(seconds / DAY_S)} d`);
    }),
    await checkOf('search attributes', `temporal operator search-attribute list --namespace ${namespace}`, async () => {
      const gaps = await withDeadline(() => searchAttributeGaps(server, namespace, SEARCH_ATTRIBUTES));
      return attributesCheck(namespace, gaps.missing, gaps.mistyped);
    }),
  ];
}

function attributesCheck(namespace: string, missing: readonly string[], mistyped: readonly string[]): Check {
  const subject = 'search attributes';
  const [firstMistyped] = mistyped;
  if (firstMistyped !== undefined) {
    return failed(
      subject,
      `not of type Keyword: ${mistyped.join(', ')}`,
      `temporal operator search-attribute remove --namespace ${namespace} --name ${firstMistyped} --yes`,
    );
  }
  if (missing.length === 0) return ok(subject, `all ${Object.keys(SEARCH_ATTRIBUTES).length} are registered`);
  const flags = missing.map((name) => `--name ${name} --type Keyword`).join(' ');
  return failed(
    subject,
    `missing: ${missing.join(', ')}`,
    `temporal operator search-attribute create --namespace ${namespace} ${flags}`,
  );
}

async function checkOf(subject: string, fix: string, check: () => Promise<Check>): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    const { code, details } = error as { code?: number; details?: string };
    // UNIMPLEMENTED: a cloud without an operator service for users.
    if (code === 12) return unknown(subject, 'this server does not offer the call');
    return failed(subject, details ?? (error as Error).message, fix);
  }
}

/** Whether the Web UI answers. */
export async function webUiCheck(uiUrl: string | null): Promise<Check> {
  if (uiUrl === null) return unknown('Web UI', 'its address is not known; set MUSTER_UI_URL to get links');
  try {
    const { status } = await fetch(uiUrl, { signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
    if (status < 500) return ok('Web UI', uiUrl);
    return failed('Web UI', `${uiUrl} answers ${status}`, 'See the log of the Web UI.');
  } catch (error) {
    const { cause, message } = error as Error;
    return failed('Web UI', `${uiUrl}: ${cause instanceof Error ? cause.message : message}`, 'Is MUSTER_UI_URL right?');
  }
}
