import { Problem } from '@leads/core/problem'
import type { Operation } from './operation.ts'

/** Reads the text of a body as JSON, within limits that hold before any schema runs. */

const BODY_BYTES_MAX_DEFAULT = 1_048_576
/** Values, members and elements of a body. A batch of 1,000 full leads has about 50,000; a schema takes 2 us for each. */
const VALUES_MAX = 150_000
/** Deeper text is not even parsed. */
const DEPTH_MAX = 500

interface RawBody {
  headers: Readonly<Record<string, string | undefined>>
  text: string | undefined
  is_base64: boolean
}

/** @throws Problem unsupported_media_type, too_large, invalid_json */
export function parseBody(operation: Operation, { headers, text = '', is_base64 }: RawBody): unknown {
  const file = readFileBody(operation, { headers, text, is_base64 })
  if (file !== null) return file
  assertMediaType(operation, headers)
  const bytes_max = operation.body_bytes_max ?? BODY_BYTES_MAX_DEFAULT
  // Characters, not bytes: the gateway's limit of 6 MB is the hard one. Base64 is a third longer than its bytes.
  if (text.length > bytes_max * (is_base64 ? 4 / 3 : 1))
    throw new Problem('too_large', `The body may have at most ${bytes_max} bytes.`)
  const json = toJsonText(text, is_base64)
  assertValues(json)
  try {
    return JSON.parse(json, rejectPrototype)
  } catch (cause) {
    throw new Problem('invalid_json', 'The body cannot be read as JSON.', { cause })
  }
}

/**
 * Returns the body that a file stands for, or null for a body of another type. A JSON array is a file, too.
 * @throws Problem too_large, unsupported_media_type
 */
function readFileBody({ file_body }: Operation, { headers, text = '', is_base64 }: RawBody): object | null {
  if (file_body === undefined) return null
  const { type, charset } = readMediaType(headers)
  const isArray = type === 'application/json' && !is_base64 && /^\ufeff?\s*\[/.test(text.slice(0, 1000))
  if (!isArray && !Object.hasOwn(file_body.types, type)) return null
  const bytes = is_base64 ? Math.floor((text.length * 3) / 4) : Buffer.byteLength(text)
  if (bytes > file_body.bytes_max)
    throw new Problem(
      'too_large',
      `A file as the body may have at most ${file_body.bytes_max} bytes. Send it in parts, or import it with the command.`,
    )
  if (text === '') throw new Problem('validation_failed', 'The body is empty. Send the bytes of the file.')
  // The gateway decodes texts as UTF-8. What was no UTF-8 is lost by then.
  if (!is_base64 && text.includes('\ufffd'))
    throw new Problem(
      'unsupported_media_type',
      'The text is not valid UTF-8. Send it as application/octet-stream; its encoding is detected.',
    )
  if (isArray) assertValues(text)
  return is_base64 ? { content_base64: text, ...(charset !== undefined && { encoding: charset }) } : { content: text }
}

function readMediaType(headers: RawBody['headers']): { type: string; charset: string | undefined } {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';').map((part) => part.trim().toLowerCase())
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '')
  return { type, charset }
}

/** @throws Problem unsupported_media_type */
function assertMediaType({ accepts = ['application/json'], file_body }: Operation, headers: RawBody['headers']): void {
  const { type, charset } = readMediaType(headers)
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  const known = [...accepts, ...Object.keys(file_body?.types ?? {})]
  if (!accepts.includes(type)) throw new Problem('unsupported_media_type', `Send the body as ${known.join(' or ')}.`)
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8')
    throw new Problem('unsupported_media_type', 'Send the body in UTF-8.')
  if (encoding !== 'identity') throw new Problem('unsupported_media_type', 'Send the body without compression.')
}

/**
 * Decodes the body. A byte order mark is dropped. U+FFFD is what a gateway makes of bytes that are not UTF-8: storing it
 * would lose the text permanently.
 * @throws Problem invalid_json
 */
function toJsonText(text: string, is_base64: boolean): string {
  const decoded = is_base64 ? decodeUtf8(Buffer.from(text, 'base64')) : text
  if (decoded === null || decoded.includes('\ufffd')) throw new Problem('invalid_json', 'The body is not valid UTF-8.')
  return decoded.startsWith('\ufeff') ? decoded.slice(1) : decoded
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

const QUOTE = 34
const BACKSLASH = 92
const COMMA = 44
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125]

/** @throws Problem too_large */
function assertValues(json: string): void {
  if (countValues(json) > VALUES_MAX)
    throw new Problem('too_large', `The body may have at most ${VALUES_MAX} values. Split it into several requests.`)
}

/** Counts the values of a JSON text without parsing it. @throws Problem too_large for text nested deeper than 500 levels */
function countValues(text: string): number {
  let values = 1
  let depth = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === QUOTE) index = endOfString(text, index)
    else if (code === COMMA) values += 1
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      values += 1
      depth += 1
      if (depth > DEPTH_MAX) throw new Problem('too_large', `The body is nested deeper than ${DEPTH_MAX} levels.`)
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth -= 1
  }
  return values
}

/** The index of the closing quote. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end < 0 ? text.length : end
}

function isEscaped(text: string, index: number): boolean {
  let first = index
  while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1
  return (index - first) % 2 === 1
}

function rejectPrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('__proto__ is not allowed.')
  return value
}
