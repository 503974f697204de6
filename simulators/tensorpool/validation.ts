import { z } from 'zod';
import { valueAt } from '../core/zod-path.ts';
import { validationError, type Complaint } from './errors.ts';

/**
 * Reads a body as FastAPI does: unknown members are ignored, and one 422 holds all complaints.
 * @throws Refusal 422
 */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw validationError(result.error.issues.map((issue) => complaint(issue, valueAt(body, issue.path))));
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
