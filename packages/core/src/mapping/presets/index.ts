import type { BuiltInPreset } from '../preset.ts'
import { apolloPeople } from './apollo-people.ts'
import { contactCrawlers } from './contact-crawlers.ts'
import { crunchbaseOrganizations } from './crunchbase-organizations.ts'
import { directoryListings } from './directory-listings.ts'
import { facebookPages } from './facebook-pages.ts'
import { googlePlaces } from './google-places.ts'
import { instagramProfiles } from './instagram-profiles.ts'
import { jobBoards } from './job-boards.ts'
import { linkedinCompanies } from './linkedin-companies.ts'
import { linkedinJobs } from './linkedin-jobs.ts'
import { linkedinProfiles } from './linkedin-profiles.ts'
import { linkedinSections } from './linkedin-sections.ts'
import { salesNavigator } from './sales-navigator.ts'
import { tripadvisorPlaces } from './tripadvisor-places.ts'
import { yelpBusinesses } from './yelp-businesses.ts'

/** Built-in presets by `order`: narrow shapes before wide ones. The first preset whose shape matches wins. */
export const PRESETS: readonly BuiltInPreset[] = [
  googlePlaces,
  apolloPeople,
  salesNavigator,
  linkedinProfiles,
  linkedinSections,
  linkedinJobs,
  linkedinCompanies,
  facebookPages,
  instagramProfiles,
  crunchbaseOrganizations,
  yelpBusinesses,
  tripadvisorPlaces,
  contactCrawlers,
  jobBoards,
  directoryListings,
]
