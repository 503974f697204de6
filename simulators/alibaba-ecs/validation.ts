import { z } from 'zod';
import { Refusal } from '../core/refusal.ts';
import { missingParameter } from './errors.ts';
import { structureOf, type Parameters } from './parameters.ts';

/** The form of the service's codes. Messages of zod have another. */
const CODE = /^[A-Z][A-Za-z]+(\.[A-Za-z]+)*$/;

/** No text may start with http:// or https://. */
const NOT_A_LINK = /^(?!https?:\/\/)/;

/** A text within lengths, else refused with `code`. */
export function text(code: string, limits: { min?: number; max: number; pattern?: RegExp }): z.ZodString {
  const schema = z
    .string()
    .min(limits.min ?? 1, code)
    .max(limits.max, code)
    .regex(NOT_A_LINK, code);
  return limits.pattern === undefined ? schema : schema.regex(limits.pattern, code);
}

/** A whole number as text within bounds, else refused with `code`. */
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

/** A JSON array of texts in one parameter: the form of ids in Describe calls. Else refused with `code`. */
export function jsonTexts(code: string) {
  return z.string().transform((value, context): string[] => {
    const parsed = z.array(z.string()).safeParse(parseJson(value));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: code });
    return z.NEVER;
  });
}

/** The tags in a call; a value left out is empty. The bounds are in the documentation of RunInstances and TagResources. */
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
 * Reads a call's parameters as the service does: an empty value counts as left out, unknown parameters are ignored.
 * @param missing the code for a mandatory parameter that is missing
 * @throws Refusal for the first parameter that is missing or wrong
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
  throw new Refusal(code, `The specified parameter ${name} is not valid.`);
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
