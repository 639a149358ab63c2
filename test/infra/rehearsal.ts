/** A fault that a deployment to AWS would have met, and what keeps it out. */
export interface RehearsedFault {
  /** Where the rehearsal lists it. */
  row: string
  fault: string
  /** Promises about the stack; each is broken by a mutation. */
  promises?: readonly string[]
  /** Titles of refusals before anything is created; each has its mutation. */
  refusals?: readonly string[]
  /** Promises of the program about a stage; each is broken by an edit. */
  programs?: readonly string[]
  /** Test files of the program, in addition. */
  tests?: readonly string[]
}

export const rehearsal: readonly RehearsedFault[] = [
  {
    row: 'A1',
    fault: 'Lambda stops a consumer that queues its run again, after 16 invocations',
    promises: [
      'Lambda lets the consumer send its run to its own queue, and no other function',
      'An alarm reports that Lambda stopped the consumer as a recursive loop',
      'An alarm reports a run that was queued again too often',
    ],
    tests: ['test/stack/recursion.test.ts'],
  },
  {
    row: 'A2',
    fault: 'Commands of a laptop do not reach a created database',
    promises: [
      'Only functions that use a created database run in its network',
      'No route and no URL leads to the function that runs commands',
      'Commands may move dead letters to their queue, and receive no other messages',
    ],
    tests: ['test/cli/run-in-stage.test.ts'],
  },
  {
    row: 'A3',
    fault: 'The database waits for a proxy that waits for a role which the first database creates',
    promises: ['RDS has its service role before a database or a proxy is created, also in an account without one'],
  },
  {
    row: 'A4',
    fault: 'The free plan refuses long backups',
    promises: [
      'Backups are kept for 14 days in production and for one day elsewhere, unless DATABASE_BACKUP_DAYS is set',
    ],
    tests: ['test/doctor/deployment.test.ts'],
  },
  {
    row: 'A5',
    fault: 'Parameters of connection strings that a server refuses',
    refusals: ['a parameter of the database that its server would refuse'],
    tests: ['test/database/connection-url.test.ts'],
  },
  {
    row: 'A6',
    fault: 'Certificates of RDS and Supabase that Node.js does not trust',
    promises: ['A file that a setting names is in the bundle of each function that reads it'],
    refusals: ["Supabase's pooler without its root"],
    tests: ['test/database/tls.test.ts'],
  },
  { row: 'A7', fault: "Supabase's direct host has only an IPv6 address", refusals: ["Supabase's direct address"] },
  {
    row: 'A8',
    fault: 'The migration begins before proxy and database are ready',
    promises: [
      'The migration waits until the proxy has its target',
      'The migration waits 10 minutes for a database that was just created, and a minute for any other',
    ],
  },
  {
    row: 'A9',
    fault: 'A wrong address of a database is retried for a quarter of an hour',
    promises: ['The migration waits 10 minutes for a database that was just created, and a minute for any other'],
  },
  {
    row: 'A10',
    fault: 'Settings of one machine reach Lambda',
    promises: [
      'A setting of a local machine reaches no function',
      'A file that a setting names is in the bundle of each function that reads it',
    ],
    refusals: ['a mappings file that is missing', 'a database on this machine'],
  },
  {
    row: 'A11',
    fault: 'A command for a stage works on the database of .env',
    programs: ['A command for a stage works on the database of the stage, though SST passes on the one of .env'],
    tests: ['test/cli/run-in-stage.test.ts', 'test/cli/settings.test.ts'],
  },
  {
    row: 'A12',
    fault: 'A newer image replaces the NAT instances',
    promises: [
      'A new image for NAT instances does not replace those that run',
      'Functions in the network reach Apify and the queue, in production through managed gateways',
    ],
  },
  {
    row: 'A13',
    fault: 'RDS Proxy is not offered in every zone',
    promises: ['A created database is in two zones that offer RDS Proxy'],
  },
  {
    row: 'B',
    fault: 'A disk that cannot grow',
    promises: [
      'The disk of a created database grows up to DATABASE_STORAGE_MAX_GB',
      'An alarm reports a created database without free disk',
    ],
    refusals: ['a disk that cannot grow'],
  },
  {
    row: 'B',
    fault: 'Restoring a backup',
    promises: ['DATABASE_RESTORE creates a new database from the snapshot or time in the same network'],
    refusals: ['a restore without a created database'],
  },
  {
    row: 'B',
    fault: 'Another DATABASE takes away the network of the database that stays',
    promises: [
      'A stage notes the kind of the database that it created, so that the next deployment can refuse another',
    ],
    refusals: ['DATABASE=url on a stage that has a database by DATABASE=postgres'],
  },
  {
    row: 'B',
    fault: 'Removing and protecting stages, names of snapshots',
    promises: [
      'Production stages are protected and keep their data; other stages leave nothing behind',
      'In production the database cannot be deleted by mistake, leaves a uniquely named snapshot and is backed up',
    ],
  },
  {
    row: 'B',
    fault: 'A new account runs ten functions at once',
    promises: [
      "No more runs are imported at once than the settings and half of the account's concurrency allow",
      'An account with little concurrency is informed that fewer runs are imported at once',
      'An alarm reports that the account throttles functions',
    ],
  },
  {
    row: 'B',
    fault: "LOG_LEVEL is overruled by Lambda's own",
    promises: ['LOG_LEVEL=DEBUG is not overruled by Lambda, and no level makes Lambda drop metrics'],
  },
  {
    row: 'B',
    fault: 'Lists and exports above 6 MB',
    programs: ['A page of a list ends by bytes, below what a function may return'],
    tests: ['test/api/sizes.test.ts'],
  },
  {
    row: 'B',
    fault: 'A cost table without the private zone and the addresses',
    promises: [
      'The costs in docs/deploy.md count every alarm, queue, address, gateway and private zone of a deployment',
    ],
  },
  {
    row: 'B',
    fault: "A domain's DNS record and the region of its certificate",
    promises: ['With a certificate of one’s own the deployment prints the DNS record to set'],
    refusals: ['a certificate of another region'],
  },
  {
    row: 'B',
    fault: 'Response headers that a browser may not read',
    promises: ['A browser may read the same response headers behind the gateway as from the functions'],
  },
  {
    row: 'B',
    fault: 'No minor upgrades of the database',
    promises: ['A created database gets minor upgrades'],
  },
  {
    row: 'B',
    fault: 'A region that no one chose',
    promises: ['The deployment goes to the region that the settings state, and prints it with the account'],
    refusals: ['no region'],
  },
  { row: 'B', fault: 'All runs of the account are imported', refusals: ['no choice of Actors'] },
  {
    row: 'B',
    fault: 'An alarm about silence at the first deployment',
    promises: ['An alarm reports a schedule that does not run, but not on the first deployment'],
  },
  {
    row: 'B',
    fault: 'Secrets are checked at the first request',
    refusals: ['no database', 'a token that is missing', 'a webhook secret that is too short'],
  },
  {
    row: 'B',
    fault: 'Capacity units that Aurora refuses',
    refusals: ['capacity units between steps', 'a minimum above the maximum'],
  },
  {
    row: 'B',
    fault: 'Stages share the folder of bundles',
    promises: ['What a deployment writes into bundles is in a folder of its stage'],
  },
]
