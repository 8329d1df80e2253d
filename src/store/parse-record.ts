// Text to run record and back. Whatever is wrong with the text becomes one DataError that says where, got, expected, remedy.

import type { z } from 'zod';
import { DataError } from '../core/index.ts';
import type { RunRecord } from './record.ts';
import { READABLE_VERSIONS, RECORD_FORMAT, recordSchema } from './schema/run.ts';

const REMEDY = 'restore the file from a copy, or run the study again';

/**
 * The record in `content` (UTF-8 bytes, or text).
 * @throws DataError naming `path`, and the byte offset (broken JSON) or the key (wrong content).
 */
export function parseRecord(content: Uint8Array | string, path: string): RunRecord {
  const value = parseJson(typeof content === 'string' ? content : decode(content, path), path);
  checkFormat(value, path);
  const result = recordSchema.safeParse(value);
  if (!result.success) throw new DataError(path, `${describeIssue(result.error.issues[0]!, value)}; ${REMEDY}`);
  return result.data;
}

/**
 * The record as JSON text, one line. Checked first, so that nothing is written that could not be read again (JSON would
 * turn NaN into null without a word).
 * @throws DataError naming the key.
 */
export function serialiseRecord(record: RunRecord, path: string): string {
  const result = recordSchema.safeParse(record);
  if (!result.success) {
    const reason = describeIssue(result.error.issues[0]!, record);
    throw new DataError(path, `the record was not written: ${reason}; this is a fault in the program that made it`);
  }
  return `${JSON.stringify(record)}\n`;
}

function decode(content: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (cause) {
    throw new DataError(path, `got bytes that are not UTF-8, expected a JSON run record; ${REMEDY}`, { cause });
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const offset = byteOffset(text, reason);
    const size = new TextEncoder().encode(text).length;
    const cut = offset === size ? `the file ends there, after ${size} bytes; it was cut short` : reason;
    throw new DataError(path, `got broken JSON (${cut}), expected a run record; ${REMEDY}`, { offset, cause });
  }
}

/** Where JSON.parse stopped, in bytes. */
function byteOffset(text: string, reason: string): number {
  const position = /at position (\d+)/.exec(reason);
  const characters = position ? Number(position[1]) : isCutShort(reason) ? text.length : firstFault(text);
  return new TextEncoder().encode(text.slice(0, characters)).length;
}

const isCutShort = (reason: string): boolean => /end of JSON|Unterminated|at position/.test(reason);

/** V8 gives no position for an unexpected token; a prefix that ends before it is merely cut short, so halving finds it. */
function firstFault(text: string): number {
  let [sound, broken] = [0, text.length];
  while (broken - sound > 1) {
    const middle = (sound + broken) >> 1;
    if (isPrefix(text.slice(0, middle))) sound = middle;
    else broken = middle;
  }
  return sound;
}

function isPrefix(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    return isCutShort(error instanceof Error ? error.message : '');
  }
}

function checkFormat(value: unknown, path: string): void {
  const { format, version } = (value ?? {}) as { format?: unknown; version?: unknown };
  if (format !== RECORD_FORMAT) {
    const got = format === undefined ? 'no "format"' : `format ${show(format)}`;
    throw new DataError(
      path,
      `got ${got}, expected format "${RECORD_FORMAT}"; point to the record.json of a run folder`,
    );
  }
  if (!READABLE_VERSIONS.includes(version)) {
    const expected = `expected version ${READABLE_VERSIONS.join(' or ')}; read it with the Spikewatt that wrote it${writer(value)}`;
    throw new DataError(path, `got run record version ${show(version)}, ${expected}, or run the study again`);
  }
}

/** ` (0.9.0)`, if the record says so. */
function writer(value: unknown): string {
  const name = (value as { environment?: { spikewatt?: unknown } }).environment?.spikewatt;
  return typeof name === 'string' ? ` (${name})` : '';
}

type Issue = z.core.$ZodIssue;

/** One fault in words: `networks[0].accuracy.value: got "x", expected number`. */
function describeIssue(issue: Issue, value: unknown): string {
  const where = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  const name = where === '' ? 'the record' : where.replace(/^\./, '');
  if (issue.code === 'unrecognized_keys') return `${name}: got the unknown key ${show(issue.keys[0])}, expected none`;
  if (issue.code === 'custom' && issue.params?.complete === true) return `${name}: ${issue.message}`;
  const at = issue.path.reduce<unknown>((held, key) => (held as Record<PropertyKey, unknown> | null)?.[key], value);
  return `${name}: got ${show(at)}, expected ${expectation(issue)}`;
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `a value of type ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.map((allowed) => show(allowed)).join(', ')}`;
    case 'too_small':
      return `at least ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

/** A value, short enough for one line. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
