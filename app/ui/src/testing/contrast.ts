/** WCAG 2 contrast of two OKLCH colours (Björn Ottosson's matrices; gamut by clipping, as browsers do). */

export interface Oklch {
  lightness: number;
  chroma: number;
  hue: number;
}

/** Reads `oklch(0.5 0.1 250)`; null for anything else, and for colours with an alpha. */
export function parseOklch(text: string): Oklch | null {
  const found = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(text.trim());
  return found === null ? null : { lightness: Number(found[1]), chroma: Number(found[2]), hue: Number(found[3]) };
}

function linearRgb({ lightness, chroma, hue }: Oklch): [number, number, number] {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number): number => Math.min(1, Math.max(0, value));
  return [
    clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** 1 (the same) to 21 (black on white). */
export function contrast(one: Oklch, other: Oklch): number {
  const luminance = (colour: Oklch): number => {
    const [red, green, blue] = linearRgb(colour);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [low, high] = [luminance(one), luminance(other)].sort((first, second) => first - second) as [number, number];
  return (high + 0.05) / (low + 0.05);
}
