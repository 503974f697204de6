/** All parameters of a call by name, as they are on the wire. */
export type Parameters = Readonly<Record<string, string>>;

const FORM = 'application/x-www-form-urlencoded';

/** The parameters in the query, and those in the body when it is a form. */
export function parametersOf(url: string, contentType: string | undefined, body: Buffer): Parameters {
  const parameters = new Map(new URLSearchParams(queryOf(url)));
  if (contentType?.startsWith(FORM) === true) {
    for (const [name, value] of new URLSearchParams(body.toString('utf8'))) parameters.set(name, value);
  }
  return Object.fromEntries(parameters);
}

/** The part of a URL after the question mark. */
export function queryOf(url: string): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at + 1);
}

/** Lists and structures of parameters, nested as their names say. */
type Tree = Map<string, Tree | string>;

/**
 * Undoes the flattening of the RPC style: `Tag.1.Key` becomes `{ Tag: [{ Key }] }`, and `SystemDisk.Size` becomes
 * `{ SystemDisk: { Size } }`. Values stay text. Lists count from 1; gaps in the numbers are closed, as by the service.
 */
export function structureOf(parameters: Parameters): Record<string, unknown> {
  const root: Tree = new Map();
  for (const [name, value] of Object.entries(parameters)) {
    const path = name.split('.');
    const last = path.pop() ?? '';
    let at = root;
    for (const step of path) {
      const next = at.get(step);
      const child: Tree = typeof next === 'object' ? next : new Map<string, Tree | string>();
      at.set(step, child);
      at = child;
    }
    at.set(last, value);
  }
  return Object.fromEntries([...root].map(([name, node]) => [name, plain(node)]));
}

function plain(node: Tree | string): unknown {
  if (typeof node === 'string') return node;
  const steps = [...node.keys()];
  if (steps.every((step) => /^\d+$/.test(step))) {
    return steps.sort((a, b) => Number(a) - Number(b)).map((step) => plain(node.get(step) ?? ''));
  }
  return Object.fromEntries([...node].map(([name, child]) => [name, plain(child)]));
}
