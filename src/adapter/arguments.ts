/**
 * Reading the arguments of requests. Clients send what they like; nothing here trusts the types of
 * the protocol. All functions throw the numbered error that names the argument.
 */
import { badArgument } from './errors.ts';

/** The arguments as a record that can be asked for any name. */
export type Arguments = Readonly<Record<string, unknown>>;

/** `value` as a record; anything else is an empty one. */
export function asRecord(value: unknown): Arguments {
  return typeof value === 'object' && value !== null ? (value as Arguments) : {};
}

/** A whole number that must be there. */
export function requireInteger(args: Arguments, name: string): number {
  const value = args[name];
  if (!Number.isSafeInteger(value)) throw badArgument(name, 'a whole number');
  return value as number;
}

/** A whole number, or `fallback` when the argument is absent. */
export function optionalInteger(args: Arguments, name: string, fallback: number): number {
  return isAbsent(args[name]) ? fallback : requireInteger(args, name);
}

/** A text that must be there. */
export function requireText(args: Arguments, name: string): string {
  const value = args[name];
  if (typeof value !== 'string') throw badArgument(name, 'a text');
  return value;
}

/** A text, or undefined when the argument is absent. */
export function optionalText(args: Arguments, name: string): string | undefined {
  return isAbsent(args[name]) ? undefined : requireText(args, name);
}

/** A truth value, or `fallback` when the argument is absent. */
export function optionalFlag(args: Arguments, name: string, fallback: boolean): boolean {
  const value = args[name];
  if (isAbsent(value)) return fallback;
  if (typeof value !== 'boolean') throw badArgument(name, 'true or false');
  return value;
}

/** A list of records; an absent list is empty. */
export function listOfRecords(args: Arguments, name: string): Arguments[] {
  const value = args[name];
  if (isAbsent(value)) return [];
  if (!Array.isArray(value)) throw badArgument(name, 'a list');
  return value.map(asRecord);
}

/** A list of texts; an absent list is empty. */
export function listOfTexts(args: Arguments, name: string): string[] {
  const value = args[name];
  if (isAbsent(value)) return [];
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) {
    throw badArgument(name, 'a list of texts');
  }
  return value as string[];
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
