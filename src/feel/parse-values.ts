/** Literals, lists, contexts and names: what an expression is made of before any operator. */
import { ParseBase } from './parse-base';
import type { Entry, Node, TemporalForm } from './syntax';
import { skipDigits, skipSpacedName, skipString, skipWhitespace } from './tokens';
import { parseNumber } from './values/number';

const temporalForms: readonly TemporalForm[] = ['duration', 'date and time', 'date', 'time'];
/** Not allowed in a context key without quotes. */
const keyEnds = new Set('"{}:,[]`');

export abstract class ParseValues extends ParseBase {
  protected abstract expression(): Node | undefined;
  protected abstract bracketed<T>(read: () => T): T;

  /** The text between quotes, as it is written. */
  protected string(): string | undefined {
    return this.attempt(() => {
      this.skip();
      const end = skipString(this.text, this.at);
      if (end < 0) return this.expect('a text in double quotes');
      const raw = this.text.slice(this.at + 1, end - 1);
      this.at = end;
      return raw;
    });
  }

  protected temporal(): Node | undefined {
    return this.attempt(() => {
      if (this.word('@')) {
        const raw = this.string();
        return raw === undefined ? undefined : { kind: 'temporal', form: '@', raw };
      }
      const form = temporalForms.find((name) => this.word(name));
      if (form === undefined || !this.word('(')) return undefined;
      const raw = this.string();
      return raw === undefined || !this.word(')') ? undefined : { kind: 'temporal', form, raw };
    });
  }

  protected boolean(): Node | undefined {
    if (this.word('true')) return { kind: 'boolean', value: true };
    return this.word('false') ? { kind: 'boolean', value: false } : undefined;
  }

  protected literal(): Node | undefined {
    if (this.word('null')) return { kind: 'null' };
    return this.boolean() ?? this.#stringLiteral() ?? this.#number() ?? this.#list() ?? this.#context();
  }

  #stringLiteral(): Node | undefined {
    const raw = this.string();
    return raw === undefined ? undefined : { kind: 'string', raw };
  }

  #number(): Node | undefined {
    return this.attempt(() => {
      this.skip();
      const start = this.at;
      const whole = this.text[start] === '-' ? start + 1 : start;
      const end = skipDigits(this.text, whole);
      const fraction = this.text[end] === '.' ? skipDigits(this.text, end + 1) : end;
      const last = fraction > end + 1 ? fraction : end;
      const text = this.text.slice(start, last);
      const value = last > whole ? parseNumber(text) : undefined;
      if (value === undefined) return this.expect('a value');
      this.at = last;
      return { kind: 'number', text, value };
    });
  }

  #list(): Node | undefined {
    return this.attempt(() => {
      if (!this.word('[')) return undefined;
      const items = this.bracketed(() => this.separated(() => this.expression()));
      return this.word(']') ? { kind: 'list', items } : undefined;
    });
  }

  #context(): Node | undefined {
    return this.attempt(() => {
      if (!this.word('{')) return undefined;
      const entries = this.bracketed(() => this.separated(() => this.#entry()));
      return this.word('}') ? { kind: 'context', entries } : undefined;
    });
  }

  #entry(): Entry | undefined {
    return this.attempt(() => {
      const key = this.#bareKey() ?? this.name() ?? this.string();
      const value = key !== undefined && this.word(':') ? this.expression() : undefined;
      return key === undefined || value === undefined ? undefined : { key, value };
    });
  }

  /** A key without quotes: anything up to a sign of the language, white space at the end excluded. */
  #bareKey(): string | undefined {
    this.skip();
    const start = this.at;
    let end = start;
    for (let at = start; at < this.text.length && !keyEnds.has(this.text[at]!);) {
      end = at + 1;
      const next = skipWhitespace(this.text, end);
      at = next < 0 ? this.text.length : next;
    }
    if (end === start) return this.expect('a key');
    this.at = end;
    return this.text.slice(start, end);
  }

  /** A name of a parameter: may hold spaces, since a sign follows it. */
  protected spacedName(): string | undefined {
    return this.remember('spacedName', () => {
      this.skip();
      const end = skipSpacedName(this.text, this.at);
      if (end < 0) return undefined;
      const name = this.text.slice(this.at, end);
      this.at = end;
      return name;
    });
  }

  protected property(): string | undefined {
    return this.word('time offset') ? 'time offset' : this.name();
  }

  protected qualifiedName(): string[] | undefined {
    return this.attempt(() => {
      const first = this.property();
      if (first === undefined) return undefined;
      const names = [first];
      for (;;) {
        const next = this.attempt(() => (this.word('.') ? this.property() : undefined));
        if (next === undefined) return names;
        names.push(next);
      }
    });
  }
}
