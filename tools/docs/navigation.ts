/** A group of pages in the navigation. Pages are Markdown files of the repository; what they link to becomes a page as well. */
export interface Group {
  title: string
  pages: readonly { file: string; title: string }[]
}

export const navigation: readonly Group[] = [
  {
    title: 'Begin',
    pages: [
      { file: 'README.md', title: 'Ringmain' },
      { file: 'docs/guides/quick-start.md', title: 'Quick start' },
      { file: 'docs/guides/concepts.md', title: 'Concepts' },
      { file: 'docs/screens/README.md', title: 'Screens' },
    ],
  },
  {
    title: 'Guides by role',
    pages: [
      { file: 'docs/guides/planner.md', title: 'Planner' },
      { file: 'docs/guides/flexibility-engineer.md', title: 'Flexibility engineer' },
      { file: 'docs/guides/settlement.md', title: 'Settlement' },
      { file: 'docs/guides/operator.md', title: 'Operator' },
      { file: 'docs/guides/fsp-integrator.md', title: 'FSP integrator' },
      { file: 'docs/guides/depot-manager.md', title: 'Depot manager' },
      { file: 'docs/guides/customer.md', title: 'Customer' },
    ],
  },
  {
    title: 'How it decides',
    pages: [
      { file: 'docs/assessment.md', title: 'Assessment of applications' },
      { file: 'docs/telemetry.md', title: 'Telemetry and compliance' },
      { file: 'docs/demand.md', title: 'EV demand' },
      { file: 'docs/site-planning.md', title: 'Site planning' },
      { file: 'docs/homes.md', title: 'Vans at homes' },
      { file: 'docs/second-person.md', title: 'Second person' },
      { file: 'docs/simulation.md', title: 'Simulation' },
    ],
  },
  {
    title: 'Running it',
    pages: [
      { file: 'docs/operations.md', title: 'Operations' },
      { file: 'docs/runbook.md', title: 'Runbook' },
      { file: 'docs/scale-out.md', title: 'Scale-out' },
      { file: 'docs/security.md', title: 'Security' },
      { file: 'docs/threat-model.md', title: 'Threat model' },
      { file: 'docs/field-notes.md', title: 'Field notes' },
    ],
  },
  {
    title: 'Building on it',
    pages: [
      { file: 'docs/writing-an-fsp.md', title: 'Writing an FSP' },
      { file: 'docs/data-providers.md', title: 'Data providers' },
      { file: 'docs/flow.md', title: 'Data through the code' },
      { file: 'docs/decisions', title: 'Decisions' },
      { file: 'CHANGELOG.md', title: 'Changelog' },
    ],
  },
]
