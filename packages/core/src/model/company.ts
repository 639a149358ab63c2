import type * as z from 'zod'
import { toRowSchema } from './column-schema.ts'
import { companyColumns } from './company-columns.ts'
import { lazily } from './lazily.ts'

/** A row of `companies`. */
export const Company = lazily(() => toRowSchema(companyColumns))
export type Company = z.infer<ReturnType<typeof Company>>
