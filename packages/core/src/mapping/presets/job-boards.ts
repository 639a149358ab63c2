import type { BuiltInPreset } from '../preset.ts'

/** Posts of other job boards. The lead is the company that hires. The text is the job's. */
export const jobBoards: BuiltInPreset = {
  name: 'job-boards',
  order: 140,
  match: {
    all: ['company'],
    any: ['positionName', 'jobTitle', 'title'],
    none: ['firstName', 'fullName', 'email', 'emails'],
    when: [{ path: 'jobType', exists: true }],
  },
  kind: 'job',
}
