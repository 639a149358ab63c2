const DEEP = 400

/** JSON members that are valid, and that careless consumers, drivers or databases choke on. */
const MEMBERS: readonly string[] = [
  '"note":"before\\u0000after"',
  '"note":"lone \\ud83d surrogate"',
  '"note":"\\udc00 the other way round"',
  '"bigNumber":123456789012345678901234567890,"tiny":1e-400,"huge":1e400',
  `"deep":${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
  '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}',
  '"note":"\\u001f\\u001e\\u001d\\u2028\\u2029\\ufeff"',
  `"note":"${'😀'.repeat(3000)}"`,
]

/** Adds one such member to the text of a JSON object, chosen by offset. */
export function poison(object_text: string, offset: number): string {
  const member = MEMBERS[offset % MEMBERS.length] as string
  return object_text === '{}' ? `{${member}}` : `${object_text.slice(0, -1)},${member}}`
}
