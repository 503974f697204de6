import { createHash, createHmac } from 'node:crypto';
import type { RunningSimulators } from '../../../simulators/index.ts';

/** Sends any body, signed as botocore signs: for calls that the SDK would not send. */
export function rawCall(simulator: RunningSimulators['sagemaker'], operation: string, body: string): Promise<Response> {
  const amzDate = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    host: new URL(simulator.url).host,
    'x-amz-date': amzDate,
    'x-amz-target': `SageMaker.${operation}`,
  };
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}`);
  const canonical = ['POST', '/', '', ...lines, '', names, sha256(body)].join('\n');
  const scope = [amzDate.slice(0, 8), simulator.region, 'sagemaker', 'aws4_request'];
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${simulator.secretAccessKey}`);
  const toSign = ['AWS4-HMAC-SHA256', amzDate, scope.join('/'), sha256(canonical)].join('\n');
  const credential = [simulator.accessKeyId, ...scope].join('/');
  const signature = hmac(key, toSign).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  // fetch sets the header `host` itself, to the same value.
  return fetch(simulator.url, { method: 'POST', headers: { ...headers, authorization }, body });
}
