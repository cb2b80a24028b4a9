/** In place of Node's `events` in web worker hosts: as much of it as the DAP library uses. */
type Listener = (...values: unknown[]) => void;

/** Calls listeners in the order in which they were added. */
export class EventEmitter {
  readonly #listeners = new Map<string, Listener[]>();

  on(name: string, listener: Listener): this {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
    return this;
  }

  removeListener(name: string, listener: Listener): this {
    const rest = (this.#listeners.get(name) ?? []).filter((other) => other !== listener);
    this.#listeners.set(name, rest);
    return this;
  }

  emit(name: string, ...values: unknown[]): boolean {
    const listeners = this.#listeners.get(name) ?? [];
    for (const listener of listeners) listener(...values);
    return listeners.length > 0;
  }
}
