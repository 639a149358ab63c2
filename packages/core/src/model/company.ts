import type * as z from 'zod'
import { toRowSchema } from './column-schema.ts'
import { companyColumns } from './company-columns.ts'

/** A row of `companies`. */
export const Company = toRowSchema(companyColumns)
export type Company = z.infer<typeof Company>
