import { StringDecoder } from 'node:string_decoder'
import { SaxesParser } from 'saxes'
import { RECORD_CHARACTERS_MAX } from '../csv-records.ts'

/** What is told about the elements of a part. Names are without prefix: `row` for `<x:row>`. */
export interface XmlHandler {
  /** @param attributes by their names, with prefixes */
  open?(name: string, attributes: Record<string, string>): void
  /** A piece of the text of the element that was opened last. */
  text?(text: string): void
  close?(name: string): void
}

/** Characters without an element or text that ends, e.g. one comment. Excel's cells have at most 32,767. */
const TOKEN_CHARACTERS_MAX = 4 * RECORD_CHARACTERS_MAX

/** Elements within elements at most; a sheet has 8. */
const DEPTH_MAX = 100

/** Mistakes in a text that some programs make. The text is kept as it is. */
const TOLERATED = new Set([
  'disallowed character.',
  'disallowed character in entity name.',
  'empty entity name.',
  'malformed character entity.',
  'the string "]]>" is disallowed in char data.',
  'undefined entity.',
])

/**
 * Parses the XML of a part, piece by piece. Entities that a document declares are unknown to it, so that none expands.
 * @throws Error for elements that are not well-formed
 */
export class XmlParser {
  private readonly parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false })
  private depth = 0
  private decoder: { write(bytes: Buffer): string; end(): string } | null = null
  private silent = 0

  constructor(handler: XmlHandler) {
    const { parser } = this
    parser.on('error', (error) => {
      if (!TOLERATED.has(error.message)) throw error
    })
    parser.on('opentag', ({ name, attributes }) => {
      this.silent = 0
      this.depth += 1
      if (this.depth > DEPTH_MAX) throw new Error('its elements are nested too deeply')
      handler.open?.(withoutPrefix(name), attributes)
    })
    parser.on('closetag', ({ name }) => {
      this.silent = 0
      this.depth -= 1
      handler.close?.(withoutPrefix(name))
    })
    if (handler.text) {
      const tell = (text: string) => handler.text?.(text)
      parser.on('text', tell)
      parser.on('cdata', tell)
    }
  }

  write(bytes: Buffer): void {
    this.decoder ??= decoderFor(bytes)
    const text = this.decoder.write(bytes)
    this.silent += text.length
    this.parser.write(text)
    if (this.silent > TOKEN_CHARACTERS_MAX) throw new Error('one of its texts is longer than a cell can be')
  }

  end(): void {
    this.parser.write(this.decoder?.end() ?? '').close()
  }
}

const withoutPrefix = (name: string): string => {
  const at = name.indexOf(':')
  return at < 0 ? name : name.slice(at + 1)
}

/** XML is in UTF-8, or in UTF-16 with a mark. */
function decoderFor(first: Buffer): { write(bytes: Buffer): string; end(): string } {
  const [one, two] = first
  if (one === 0xfe && two === 0xff) {
    const decoder = new TextDecoder('utf-16be')
    return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() }
  }
  return new StringDecoder(one === 0xff && two === 0xfe ? 'utf16le' : 'utf8')
}
