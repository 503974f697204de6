import { z } from 'zod';
import { EcsError, missingParameter } from './errors.ts';
import { structureOf, type Parameters } from './parameters.ts';

/** Codes of the service look like this; messages of zod do not. */
const CODE = /^[A-Z][A-Za-z]+(\.[A-Za-z]+)*$/;

/** Letters of any script first; neither http:// nor https://. */
const NOT_A_LINK = /^(?!https?:\/\/)/;

/** Text within lengths, refused under `code`. */
export function text(code: string, limits: { min?: number; max: number; pattern?: RegExp }): z.ZodString {
  const schema = z
    .string()
    .min(limits.min ?? 1, code)
    .max(limits.max, code)
    .regex(NOT_A_LINK, code);
  return limits.pattern === undefined ? schema : schema.regex(limits.pattern, code);
}

/** A whole number written as text, refused under `code` when it is none or out of bounds. */
export function integer(code: string, bounds: { min: number; max: number }) {
  return z
    .string()
    .regex(/^\d{1,9}$/, code)
    .transform(Number)
    .pipe(z.int().min(bounds.min, code).max(bounds.max, code));
}

/** `true` or `false`, in any case: the vendor's Python client sends `True`. */
export const Flag = z
  .string()
  .regex(/^(true|false)$/i, 'InvalidParameter')
  .transform((value) => value.toLowerCase() === 'true');

/** A JSON array of texts in one parameter, as the Describe calls take their ids. */
export function jsonTexts(code: string) {
  return z.string().transform((value, context): string[] => {
    const parsed = z.array(z.string()).safeParse(parseJson(value));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: code });
    return z.NEVER;
  });
}

/** Tags as calls take them; a value left out is empty. Bounds: the service's documentation, RunInstances and TagResources. */
export const Tags = z
  .array(
    z.object({
      Key: z
        .string('InvalidTagKey.Malformed')
        .min(1, 'InvalidTagKey.Malformed')
        .max(128, 'InvalidTagKey.Malformed')
        .regex(/^(?!aliyun|acs:)(?!.*https?:\/\/)/, 'InvalidTagKey.Malformed'),
      Value: z
        .string()
        .max(128, 'InvalidTagValue.Malformed')
        .regex(/^(?!.*https?:\/\/)/, 'InvalidTagValue.Malformed')
        .default(''),
    }),
    'InvalidTagKey.Malformed',
  )
  .max(20, 'InvalidTagCount')
  .refine((tags) => new Set(tags.map(({ Key }) => Key)).size === tags.length, 'InvalidTagKey.Malformed');

/**
 * Reads a call's parameters. An empty value counts as left out. Unknown parameters are ignored, as the service does.
 * @param missing code for a mandatory parameter that is not there
 * @throws EcsError for the first parameter that is missing or broken
 */
export function parseParameters<S extends z.ZodType>(
  schema: S,
  parameters: Parameters,
  missing: (name: string) => string = () => 'MissingParameter',
): z.output<S> {
  const given = structureOf(Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== '')));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = wireName(issue?.path ?? []);
  if (given[String(issue?.path[0])] === undefined) throw missingParameter(name, missing(name));
  const code = issue !== undefined && CODE.test(issue.message) ? issue.message : 'InvalidParameter';
  throw new EcsError(code, `The specified parameter ${name} is not valid.`);
}

function wireName(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === 'number' ? step + 1 : String(step))).join('.');
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
