import * as z from 'zod'
import { auditColumns, Id, softDeleteColumns } from './fields.ts'

/** A row of `companies`. */
export const Company = z.object({
  id: Id,
  /** `domain:…`, else `linkedin:…`, else `name:…|country|city`: two rows never share one. */
  company_key: z.string().max(255),
  name: z.string().min(1).max(255),
  domain: z.string().max(255).nullable(),
  company_type: z.string().max(50).nullable(),
  country: z.string().max(100).nullable(),
  city: z.string().max(100).nullable(),
  industry: z.string().max(100).nullable(),
  employee_count: z.int().min(0).max(2_147_483_647).nullable(),
  employee_size_min: z.int().min(0).max(2_147_483_647).nullable(),
  employee_size_max: z.int().min(0).max(2_147_483_647).nullable(),
  description: z.string().max(100_000).nullable(),
  website: z.string().max(2048).nullable(),
  linkedin_url: z.string().max(2048).nullable(),
  tags: z.array(z.string().max(100)).max(100),
  version: z.int().positive(),
  ...auditColumns,
  ...softDeleteColumns,
})
export type Company = z.infer<typeof Company>
