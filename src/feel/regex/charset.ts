/** Sets of code points as sorted, separate ranges. */

const lastCodePoint = 0x10ffff;
const asciiCount = 128;

/** Pairs of first and last code point. */
export type Ranges = readonly (readonly [number, number])[];

export class CharSet {
  readonly #ascii: Uint8Array;

  private constructor(readonly ranges: Ranges) {
    this.#ascii = new Uint8Array(asciiCount);
    for (const [low, high] of ranges) for (let c = low; c <= high && c < asciiCount; c++) this.#ascii[c] = 1;
  }

  /** From ranges in any order, overlapping or not. */
  static of(ranges: Ranges): CharSet {
    const sorted = [...ranges].sort(([a], [b]) => a - b);
    const merged: [number, number][] = [];
    for (const [low, high] of sorted) {
      const last = merged.at(-1);
      if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
      else merged.push([low, high]);
    }
    return new CharSet(merged);
  }

  /** Every character of a text. */
  static ofText(text: string): CharSet {
    return CharSet.of(
      Array.from(text, (character) => [character.codePointAt(0)!, character.codePointAt(0)!]),
    );
  }

  /** The greatest code point, -1 when there is none. */
  get last(): number {
    return this.ranges.at(-1)?.[1] ?? -1;
  }

  has(code: number): boolean {
    if (code < asciiCount) return this.#ascii[code] === 1;
    let low = 0;
    let high = this.ranges.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const [first, last] = this.ranges[middle]!;
      if (code < first) high = middle - 1;
      else if (code > last) low = middle + 1;
      else return true;
    }
    return false;
  }

  union(other: CharSet): CharSet {
    return CharSet.of([...this.ranges, ...other.ranges]);
  }

  complement(): CharSet {
    const result: [number, number][] = [];
    let next = 0;
    for (const [low, high] of this.ranges) {
      if (low > next) result.push([next, low - 1]);
      next = high + 1;
    }
    if (next <= lastCodePoint) result.push([next, lastCodePoint]);
    return new CharSet(result);
  }

  intersection(other: CharSet): CharSet {
    return this.complement().union(other.complement()).complement();
  }

  /** With the other case of every ASCII letter; of every letter when `unicode`. */
  withOtherCase(unicode: boolean): CharSet {
    const others: [number, number][] = [];
    for (const [low, high] of this.ranges) {
      const last = unicode ? Math.min(high, low + maxFolded) : Math.min(high, asciiCount - 1);
      for (let code = low; code <= last; code++)
        for (const other of otherCases(code, unicode)) others.push([other, other]);
    }
    return others.length === 0 ? this : CharSet.of([...this.ranges, ...others]);
  }
}

/** Cases of a range beyond this length are not looked for: such a range holds whole scripts. */
const maxFolded = 0x3000;

function otherCases(code: number, unicode: boolean): number[] {
  if (code < asciiCount && !unicode) {
    const letter = code | 0x20;
    return letter >= 0x61 && letter <= 0x7a ? [code ^ 0x20] : [];
  }
  if (!unicode) return [];
  const character = String.fromCodePoint(code);
  const cases = [character.toLowerCase(), character.toUpperCase(), character.toUpperCase().toLowerCase()];
  return cases.flatMap((text) => {
    const other = text.codePointAt(0)!;
    return other !== code && String.fromCodePoint(other) === text ? [other] : [];
  });
}
