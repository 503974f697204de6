import { z } from 'zod';
import { Refusal } from '../core/refusal.ts';
import { valueAt } from '../core/zod-path.ts';

/** A string of the service's model: its length in characters, and a pattern that the whole value must match. */
export function text(limits: { min?: number; max?: number; pattern?: string }): z.ZodString {
  let schema = z.string();
  if (limits.min !== undefined) schema = schema.min(limits.min);
  if (limits.max !== undefined) schema = schema.max(limits.max);
  if (limits.pattern !== undefined)
    schema = schema.regex(new RegExp(`^(?:${limits.pattern})$`, 'u'), { error: limits.pattern });
  return schema;
}

/**
 * Reads an input as the service does: null counts as absent, unknown members are ignored, a wrong JSON type is a
 * SerializationException, and one ValidationException names every broken constraint.
 */
export function parseInput<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const input = withoutNulls(body);
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const { issues } = result.error;
  const wrongType = issues.find((issue) => issue.code === 'invalid_type' && valueAt(input, issue.path) !== undefined);
  if (wrongType !== undefined) {
    const found = JSON.stringify(valueAt(input, wrongType.path)).slice(0, 40);
    throw new Refusal(
      'SerializationException',
      `${found} can not be converted to the type of ${wirePath(wrongType.path)}`,
    );
  }
  const messages = issues.map((issue) => describeIssue(issue, input));
  const count = messages.length === 1 ? '1 validation error detected' : `${messages.length} validation errors detected`;
  throw new Refusal('ValidationException', `${count}: ${messages.join('; ')}`);
}

function describeIssue(issue: z.core.$ZodIssue, input: unknown): string {
  const value = valueAt(input, issue.path);
  const shown = value === undefined ? 'null' : `'${shownValue(value)}'`;
  return `Value ${shown} at '${wirePath(issue.path)}' failed to satisfy constraint: ${constraint(issue, value)}`;
}

function constraint(issue: z.core.$ZodIssue, value: unknown): string {
  const bound = typeof value === 'number' ? 'value' : 'length';
  switch (issue.code) {
    case 'invalid_type':
      return 'Member must not be null';
    case 'too_small':
      return `Member must have ${bound} greater than or equal to ${String(issue.minimum)}`;
    case 'too_big':
      return `Member must have ${bound} less than or equal to ${String(issue.maximum)}`;
    case 'invalid_format':
      return `Member must satisfy regular expression pattern: ${issue.message}`;
    case 'invalid_value':
      if (value === undefined) return 'Member must not be null';
      return `Member must satisfy enum value set: [${issue.values.map(String).join(', ')}]`;
    default:
      return issue.message;
  }
}

/** The service's path of a member: `instanceGroups.1.member.instanceCount` for `InstanceGroups[0].InstanceCount`. */
function wirePath(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === 'number' ? `${step + 1}.member` : uncapitalized(String(step)))).join('.');
}

function uncapitalized(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** A value as the service's messages show it: a list in brackets, a structure as dots. */
function shownValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shownValue).join(', ')}]`;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '...';
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (member === null ? [] : [[key, withoutNulls(member)]])),
  );
}
