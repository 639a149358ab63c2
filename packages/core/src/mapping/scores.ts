import type { MappedCompany, MappedLead } from '../model/mapped-item.ts'
import { isFreeMail, isRoleEmail } from '../normalize/email.ts'

/**
 * Returns `data_quality_score`: how much of what is needed to act on a lead is there, from 0 to 100.
 *
 * | part | points |
 * |---|---|
 * | email: business and personal 30, role mailbox 24, free mail 18; +5 if stated as verified | 35 |
 * | phone: E.164 20, as published 12 | 20 |
 * | who: a person's first and last name 15, one name 10; without a person the company's name 10 | 15 |
 * | company: name 5, domain 5 | 10 |
 * | job title (person) or website (company) | 5 |
 * | place: country 4, city 4, postal code or state 2 | 10 |
 * | industry 3, company size or description 2 | 5 |
 */
export function scoreDataQuality(lead: MappedLead, company: MappedCompany | null): number {
  const score = scoreReach(lead) + scoreWho(lead, company) + scoreWhere(lead, company)
  return Math.min(100, score)
}

function scoreReach({ email, email_verified, phone }: MappedLead): number {
  let score = 0
  if (email !== null) score += (isFreeMail(email) ? 18 : isRoleEmail(email) ? 24 : 30) + (email_verified ? 5 : 0)
  if (phone !== null) score += phone.startsWith('+') ? 20 : 12
  return score
}

function scoreWho(lead: MappedLead, company: MappedCompany | null): number {
  let score = 0
  if (lead.first_name !== null && lead.last_name !== null) score += 15
  else if (lead.full_name !== null || lead.company_name !== null) score += 10
  if (lead.company_name !== null) score += 5
  if (lead.company_domain !== null) score += 5
  if (lead.full_name === null ? company?.website != null : lead.title !== null) score += 5
  return score
}

function scoreWhere(lead: MappedLead, company: MappedCompany | null): number {
  let score = 0
  if (lead.country !== null) score += 4
  if (lead.city !== null) score += 4
  if (lead.postal_code !== null || lead.state !== null) score += 2
  if (lead.industry !== null) score += 3
  const sized =
    company !== null &&
    (company.employee_count !== null || company.employee_size_min !== null || company.description !== null)
  if (sized) score += 2
  return score
}

/**
 * Returns `confidence_score`: how sure the mapping is of its result, from 0 to 100. Half comes from the identity (100 for a
 * Google place or LinkedIn page, 50 for a hash), 30 from a preset or 18 from the general mapper, and 20 from agreement:
 * the email's domain is the company's (10), and the phone is in E.164 (10). A missing email or phone gives half of that.
 */
export function scoreConfidence(lead: MappedLead, certainty: number, preset: boolean): number {
  let score = certainty / 2 + (preset ? 30 : 18)
  if (lead.email === null || lead.company_domain === null) score += 5
  else if (lead.email.endsWith(`@${lead.company_domain}`) || lead.email.endsWith(`.${lead.company_domain}`)) score += 10
  if (lead.phone === null) score += 5
  else if (lead.phone.startsWith('+')) score += 10
  return Math.max(0, Math.min(100, Math.round(score)))
}
