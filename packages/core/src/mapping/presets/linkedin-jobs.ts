import type { Preset } from '../preset.ts'

/** LinkedIn job posts: the lead is the hiring company, with the poster as its contact where one is named. */
export const linkedinJobs: Preset = {
  name: 'linkedin-jobs',
  match: {
    all: ['title', 'companyName'],
    any: ['jobFunction', 'seniorityLevel', 'jobPosterName', 'applicantsCount'],
    none: ['firstName', 'fullName'],
  },
  actors: ['curious_coder/linkedin-jobs-scraper', 'bebity/linkedin-jobs-scraper', 'harvestapi/linkedin-job-search'],
  kind: 'job',
  ignore: ['benefits', 'descriptionHtml', 'descriptionText', 'inputUrl', 'salaryInfo'],
}
