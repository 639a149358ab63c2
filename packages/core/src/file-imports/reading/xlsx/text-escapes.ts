/**
 * Returns a text with the characters that workbooks write as `_xHHHH_`, because XML cannot hold them or a line end would
 * be changed: `_x000D_` is a carriage return, and `_x005F_` the underscore before what only looks like an escape.
 */
export function decodeEscapes(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
