import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { promisify } from 'node:util';
import type { InstallJob, InstallMethod } from './program.ts';

/** Longest wait for the first answer, and for each chunk after it (policy): without internet a start must fail soon. */
const DOWNLOAD_SILENCE_MS = 20_000;
/** Longest whole transfer, of about 50 MB (policy). */
const DOWNLOAD_TOTAL_MS = 10 * 60_000;
const UNPACK_MS = 60_000;
const MEGABYTE = 1_000_000;

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
const ARCHITECTURES: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * Downloads a program as the Temporal SDKs do: a service names the archive and the file in it. Does not use the SDK: its
 * native download has no time-out and cannot be cancelled, so it would keep this process alive. Fails when no data comes for
 * 20 s.
 */
export function download(serviceUrl: string): InstallMethod {
  return {
    name: 'download',
    timeoutMs: DOWNLOAD_TOTAL_MS + UNPACK_MS,
    install: (job) => fetchProgram(serviceUrl, job),
  };
}

async function fetchProgram(serviceUrl: string, { folder, report }: InstallJob): Promise<string> {
  const platform = PLATFORMS[process.platform];
  const arch = ARCHITECTURES[process.arch];
  if (!platform || !arch) throw new Error(`no release for ${process.platform} ${process.arch}`);
  report('downloading');
  const silence = new AbortController();
  const timer = setTimeout(() => {
    silence.abort(new Error(`no answer for ${DOWNLOAD_SILENCE_MS} ms`));
  }, DOWNLOAD_SILENCE_MS);
  const signal = AbortSignal.any([silence.signal, AbortSignal.timeout(DOWNLOAD_TOTAL_MS)]);
  try {
    const query = new URLSearchParams({ arch, platform, format: 'tar.gz' });
    const info = await fetchOk(`${serviceUrl}?${query.toString()}`, signal);
    const { archiveUrl, fileToExtract } = parseInfo(await info.json());
    const response = await fetchOk(archiveUrl, signal);
    const body = response.body as ReadableStream<Uint8Array> | null;
    if (!body) throw new Error('the archive is empty');
    const total = Math.round(Number(response.headers.get('content-length')) / MEGABYTE);
    let received = 0;
    const archive = path.join(folder, 'archive');
    await pipeline(
      Readable.fromWeb(body),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          timer.refresh();
          received += chunk.length;
          const megabytes = Math.floor(received / MEGABYTE);
          report('downloading', total > 0 ? `downloading ${megabytes} of ${total} MB` : `downloading ${megabytes} MB`);
          yield chunk;
        }
      },
      createWriteStream(archive),
      { signal },
    );
    // Every supported system has tar. Naming the file leaves everything else in the archive out.
    await promisify(execFile)('tar', ['-xf', archive, '-C', folder, fileToExtract], { timeout: UNPACK_MS });
    return path.join(folder, fileToExtract);
  } finally {
    clearTimeout(timer);
  }
}

async function fetchOk(url: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`);
  return response;
}

function parseInfo(value: unknown): { archiveUrl: string; fileToExtract: string } {
  const { archiveUrl, fileToExtract } = (value ?? {}) as { archiveUrl?: unknown; fileToExtract?: unknown };
  if (typeof archiveUrl !== 'string' || typeof fileToExtract !== 'string') throw new Error('unexpected answer');
  // It becomes a path below the scratch folder and an argument of tar, so it must be a plain file name.
  if (!/^[A-Za-z0-9][\w.-]*$/.test(fileToExtract)) throw new Error(`unexpected file in the archive: ${fileToExtract}`);
  return { archiveUrl, fileToExtract };
}
