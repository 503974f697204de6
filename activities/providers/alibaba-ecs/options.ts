/** What the adapter needs to reach the service. */
export interface AlibabaEcsOptions {
  /** Replaces the region's real endpoint, for simulators and proxies: a URL without a path. */
  readonly endpoint?: string | undefined;
  /** Without it, the vendor's default chain: environment, OIDC, profile, role of the instance. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** Longest HTTP call, ms. */
  readonly callTimeoutMs: number;
}
