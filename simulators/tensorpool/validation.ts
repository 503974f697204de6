import { z } from 'zod';
import { validationError, type Complaint } from './errors.ts';

/**
 * Reads a body as FastAPI does: unknown members are ignored, and every complaint is told in one 422.
 * @throws Refusal 422
 */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw validationError(result.error.issues.map((issue) => complaint(issue, at(body, issue.path))));
}

/** Pydantic's words for what zod found. */
function complaint(issue: z.core.$ZodIssue, value: unknown): Complaint {
  const loc = ['body', ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  if (issue.code === 'invalid_type') {
    if (value === undefined) return { loc, msg: 'Field required', type: 'missing' };
    const [word, type] = PYDANTIC[issue.expected] ?? [issue.expected, `${issue.expected}_type`];
    return { loc, msg: `Input should be a valid ${word}`, type };
  }
  if (issue.code === 'too_small' && typeof value === 'number') {
    return {
      loc,
      msg: `Input should be greater than or equal to ${String(issue.minimum)}`,
      type: 'greater_than_equal',
    };
  }
  return { loc, msg: issue.message, type: 'value_error' };
}

const PYDANTIC: Readonly<Record<string, readonly [string, string]>> = {
  string: ['string', 'string_type'],
  int: ['integer', 'int_type'],
  number: ['integer', 'int_type'],
  boolean: ['boolean', 'bool_type'],
  array: ['list', 'list_type'],
  object: ['dictionary or object to extract fields from', 'model_attributes_type'],
};

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (parent, step) =>
      typeof parent === 'object' && parent !== null ? (parent as Record<PropertyKey, unknown>)[step] : undefined,
    value,
  );
}
