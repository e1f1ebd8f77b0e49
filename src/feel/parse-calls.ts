/** Values with what hangs on them: calls, function definitions, paths and filters. */
import { FeelError } from './errors';
import { ParseValues } from './parse-values';
import type { Argument, Node, RangeNode } from './syntax';

/** Names of builtins with a reserved word in them; no other function may have one. */
const reservedFunctions = ['and', 'or', 'date and time', 'years and months duration', 'get or else'];

export abstract class ParseCalls extends ParseValues {
  protected abstract range(): RangeNode | undefined;

  /** A value followed by any number of `.key` and `[filter]`. */
  protected value(): Node | undefined {
    return this.remember('value', () => {
      let value = this.#terminal();
      while (value !== undefined) {
        const base: Node = value;
        const next: Node | undefined =
          this.attempt(() => this.#pathOf(base)) ?? this.attempt(() => this.#filterOf(base));
        if (next === undefined) return value;
        value = next;
      }
      return undefined;
    });
  }

  #pathOf(value: Node): Node | undefined {
    const key = this.word('.') ? this.property() : undefined;
    return key === undefined ? undefined : { kind: 'path', value, key };
  }

  #filterOf(list: Node): Node | undefined {
    if (!this.word('[')) return undefined;
    const condition = this.bracketed(() => this.expression());
    return condition && this.word(']') ? { kind: 'filter', list, condition } : undefined;
  }

  #terminal(): Node | undefined {
    return (
      this.temporal() ??
      this.#call() ??
      this.#reference() ??
      this.literal() ??
      this.#input() ??
      this.#functionDefinition() ??
      this.#parenthesized()
    );
  }

  #reference(): Node | undefined {
    const names = this.qualifiedName();
    return names && { kind: 'reference', names };
  }

  #input(): Node | undefined {
    return this.word('?') ? { kind: 'input' } : undefined;
  }

  #parenthesized(): Node | undefined {
    return this.attempt(() => {
      const inner = this.word('(') ? this.bracketed(() => this.expression()) : undefined;
      return inner && this.word(')') ? inner : undefined;
    });
  }

  #call(): Node | undefined {
    return this.attempt(() => {
      const simple = this.spacedName() ?? reservedFunctions.find((name) => this.word(name));
      const names = simple === undefined ? this.qualifiedName() : [simple];
      if (names === undefined || !this.word('(')) return undefined;
      const { args, named } = this.bracketed(() => this.#callArguments());
      if (!this.word(')')) return undefined;
      const name = names.at(-1)!;
      return names.length === 1
        ? { kind: 'call', name, named, args }
        : { kind: 'methodCall', path: names.slice(0, -1), name, named, args };
    });
  }

  #callArguments(): { named: boolean; args: readonly Argument[] } {
    const args = this.separated(() => this.#namedArgument());
    if (args.length > 0) return { named: true, args };
    return {
      named: false,
      args: this.separated(() => this.#argumentValue()).map((value) => ({ value })),
    };
  }

  #namedArgument(): Argument | undefined {
    return this.attempt(() => {
      const name = this.spacedName() ?? this.name();
      const value = name !== undefined && this.word(':') ? this.#argumentValue() : undefined;
      return name === undefined || value === undefined ? undefined : { name, value };
    });
  }

  #argumentValue(): Node | undefined {
    return this.range() ?? this.expression();
  }

  #functionDefinition(): Node | undefined {
    return this.attempt(() => {
      if (!this.word('function') || !this.word('(')) return undefined;
      const params = this.separated(() => this.spacedName() ?? this.name());
      if (!this.word(')')) return undefined;
      if (this.#isExternal())
        throw new FeelError(
          'parse',
          'Functions that call Java classes (external) are not supported.',
          this.at,
        );
      const body = this.expression();
      return body && { kind: 'function', params, body };
    });
  }

  #isExternal(): boolean {
    const start = this.at;
    const external = this.word('external') && this.word('{') && this.word('java') && this.word(':');
    this.at = start;
    return external;
  }
}
