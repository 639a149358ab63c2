import { unescapeFormula } from '../csv-text.ts'
import type { CrmFields } from '../ingest/field-hashes.ts'
import { LeadStatus } from '../model/lead.ts'
import type { CrmField } from '../model/lead-columns.ts'
import { normalizeKey } from '../normalize/text.ts'

/**
 * How people got on with a lead: its status, its score and their notes. A list of a CRM has them; the mapping of items
 * knows nothing of them, so their columns are read here.
 */

const names: Record<CrmField, ReadonlySet<string>> = {
  lead_status: words('leadstatus status leadstage stage lifecyclestage leadphase statut statutdulead estado stato'),
  lead_score: words('leadscore score leadscoring leadrating leadpunkte punkte'),
  notes: words(`notes note notiz notizen leadnotes internalnotes comment comments kommentar kommentare bemerkung
    bemerkungen anmerkung anmerkungen remark remarks remarque remarques commentaire commentaires nota notas
    observaciones comentario comentarios osservazioni`),
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/))
}

/** Which of them a column's name says, of a column that the mapping does not understand. */
export function matchCrmField(header: string): CrmField | null {
  const name = normalizeKey(header)
  for (const [field, known] of Object.entries(names)) if (known.has(name)) return field as CrmField
  return null
}

/** A cell whose value is none that the column may hold: the row comes in without it. */
export interface UnreadableCell {
  header: string
  value: string
}

export interface ParsedCrmFields {
  crm_fields: CrmFields | undefined
  misread: UnreadableCell[]
}

/** What cells say, by lead column; the first column that says something wins, and notes are joined. Pure; never throws. */
export function parseCrmFields(cells: Iterable<{ header: string; field: CrmField; value: unknown }>): ParsedCrmFields {
  const crm_fields: CrmFields = { lead_status: null, lead_score: null, notes: null }
  const misread: UnreadableCell[] = []
  let isSaid = false
  for (const { header, field, value } of cells) {
    const text = textOf(value)
    if (text.trim() === '') continue
    const read = parsers[field](text)
    if (read === null) misread.push({ header, value: text.trim().slice(0, 100) })
    else {
      // Of several columns with notes none is left out.
      if (field === 'notes' && crm_fields.notes !== null) crm_fields.notes = cleanNotes(`${crm_fields.notes}\n${read}`)
      else crm_fields[field] ??= read as never
      isSaid = true
    }
  }
  return { crm_fields: isSaid ? crm_fields : undefined, misread }
}

const textOf = (value: unknown): string => {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' ? unescapeFormula(value) : ''
}

/** As many characters as a person may write, without the control characters that databases and files do not preserve. */
export const cleanNotes = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
    .slice(0, 100_000)

/** The stages of common CRMs, in eight languages. A stage that fits none of ours is left out and counted. */
const stages = new Map<string, LeadStatus>()
for (const [status, names] of [
  [
    'new',
    `open opennotcontacted notcontacted uncontacted lead newlead subscriber cold untouched prospect neu offen nouveau aprospecter nuevo
     nuovo novo novolead nieuw nowy nowa`,
  ],
  [
    'contacted',
    `workingcontacted working attemptedtocontact attemptingcontact attempted contactattempted inprogress connected engaged replied
     approaching nurturing nurture kontaktiert angeschrieben inbearbeitung contacte encours contactado encurso contattato incorso
     emandamento contatado gecontacteerd inbehandeling skontaktowany skontaktowano wtrakcie`,
  ],
  [
    'qualified',
    `mql sql marketingqualifiedlead salesqualifiedlead marketingqualified salesqualified opportunity qualifiziert qualifie
     cualificado calificado qualificato qualificado gekwalificeerd zakwalifikowany`,
  ],
  [
    'converted',
    `customer client closedconverted closedwon won kunde gewonnen konvertiert converti gagne cliente ganado convertido vinto ganho
     klant gewonnenlead geconverteerd klient wygrany`,
  ],
] as const)
  for (const name of words(names)) stages.set(name, status)

const parsers: { [Field in CrmField]: (text: string) => CrmFields[Field] } = {
  lead_status(text) {
    const stated = normalizeKey(text.slice(0, 100))
    const status = LeadStatus().safeParse(stated)
    return status.success ? status.data : (stages.get(stated) ?? null)
  },
  lead_score(text) {
    const digits = /^([0-9]{1,3})(?:[.,]([0-9]+))?$/.exec(text.trim())
    const score = digits === null ? Number.NaN : Math.round(Number(`${digits[1]}.${digits[2] ?? '0'}`))
    return score >= 0 && score <= 100 ? score : null
  },
  notes: (text) => cleanNotes(text) || null,
}
