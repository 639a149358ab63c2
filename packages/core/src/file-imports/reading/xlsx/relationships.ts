import type { XmlHandler } from './xml.ts'

export interface Relationship {
  id: string
  /** The last word of its type: `worksheet`, `sharedStrings`. The words before differ between the two forms of the format. */
  type: string
  /** The name of the part it leads to. */
  part: string
}

/** Collects the relationships of a part. */
export class RelationshipsHandler implements XmlHandler {
  readonly found: Relationship[] = []
  private readonly base: string

  /** @param base the folder that targets are relative to, e.g. `xl` */
  constructor(base: string) {
    this.base = base
  }

  open(name: string, attributes: Record<string, string>): void {
    const { Id = '', Type = '', Target, TargetMode } = attributes
    if (name !== 'Relationship' || Target === undefined || TargetMode === 'External') return
    this.found.push({ id: Id, type: Type.slice(Type.lastIndexOf('/') + 1), part: resolvePart(this.base, Target) })
  }
}

/** `/xl/a.xml`, `a.xml` and `../xl/a.xml` lead to `xl/a.xml` from `xl`. */
function resolvePart(base: string, target: string): string {
  const steps = target.startsWith('/') || target.startsWith('\\') ? [] : base.split('/')
  for (const step of decodeTarget(target).split(/[/\\]/))
    if (step === '..') steps.pop()
    else if (step !== '.' && step !== '') steps.push(step)
  return steps.filter((step) => step !== '').join('/')
}

function decodeTarget(target: string): string {
  try {
    return decodeURIComponent(target)
  } catch {
    return target
  }
}

/** Returns the name of the part with a part's relationships: `xl/_rels/workbook.xml.rels`. */
export function relationshipsOf(part: string): string {
  const at = part.lastIndexOf('/') + 1
  return `${part.slice(0, at)}_rels/${part.slice(at)}.rels`
}

export const folderOf = (part: string): string => part.slice(0, Math.max(0, part.lastIndexOf('/')))
