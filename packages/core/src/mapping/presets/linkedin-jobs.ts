import type { BuiltInPreset } from '../preset.ts'

/** LinkedIn job posts. The lead is the hiring company, with the poster as its contact if one is named. */
export const linkedinJobs: BuiltInPreset = {
  name: 'linkedin-jobs',
  order: 60,
  match: {
    all: ['title', 'companyName'],
    any: ['jobFunction', 'seniorityLevel', 'jobPosterName', 'applicantsCount'],
    none: ['firstName', 'fullName'],
  },
  actors: ['curious_coder/linkedin-jobs-scraper', 'bebity/linkedin-jobs-scraper', 'harvestapi/linkedin-job-search'],
  kind: 'job',
  ignore: ['benefits', 'descriptionHtml', 'descriptionText', 'inputUrl', 'salaryInfo'],
}
