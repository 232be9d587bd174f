import type { LinkProps } from '@tanstack/react-router'

/** A page of help: a question, and its answer in short parts. */
export interface Topic {
  /** Part of the address. */
  key: string
  title: string
  /** What the page answers, in a sentence. */
  about: string
  parts: readonly { heading: string; text: readonly string[] }[]
  /** Where the answer is put to use. */
  next: { to: NonNullable<LinkProps['to']>; label: string }
}

/** The pages of help, in the order in which somebody new reads them. */
export const topics: readonly Topic[] = [
  {
    key: 'limits',
    title: 'What is my limit, and what if I go over it?',
    about: 'Where the limit of a site comes from, how to see whether it is kept, and what to do when it is not.',
    parts: [
      {
        heading: 'Where the limit comes from',
        text: [
          'Every site has an agreed capacity. Without anything else it is the limit at all times.',
          'With a profiled connection the limit changes over the day. The page of the site shows the limit of now, and the chart that of the whole day.',
          'For some hours the limit can be lower because the network operator has instructed less through the company that controls your charging.',
        ],
      },
      {
        heading: 'How to see whether it is kept',
        text: [
          '“Your sites” names every site that is over its limit or close to it. A site without a fresh reading counts as not known, and not as good.',
          'The page of a site shows the load of a day against its limit, and in how much of the last 30 days the limit was kept.',
        ],
      },
      {
        heading: 'What to do when it is not',
        text: [
          'Switch something off, or let vehicles charge later. If it happens often, the limit does not fit your work any more: plan anew, and apply for another one.',
          'Times over the limit are recorded with how much it was. The network operator sees the same figures.',
        ],
      },
    ],
    next: { to: '/', label: 'See your sites' },
  },
  {
    key: 'planning',
    title: 'How do I plan for electric vehicles?',
    about: 'The seven steps of a plan, and what you need for each.',
    parts: [
      {
        heading: 'What you need',
        text: [
          'An electricity bill, for the agreed capacity and the prices. Half-hourly readings of a year are better than any estimate: ask your supplier for them.',
          'How many vehicles there are, when they leave and come back, and how many miles they drive on their longest usual day.',
          'You can begin without any of this: typical figures are filled in, and everything can be changed later.',
        ],
      },
      {
        heading: 'The steps',
        text: [
          'Site: what it may take, and what it takes today. Vehicles: groups that do the same. Charge points: how many of which kind. Costs: what electricity costs and when.',
          'Scenarios: different ways to charge the same vehicles, each worked out for a typical week. Compare: the results side by side. Apply: the result goes to the network operator.',
          'People of your company share all of it. If two change the same thing at once, the second one sees both changes and chooses; nothing is lost.',
        ],
      },
      {
        heading: 'What a plan is worth',
        text: [
          'It is cautious where it does not know: it takes the busiest week of your readings, and keeps a fifth of every battery in reserve.',
          'It is bold in one thing: it knows every journey ahead. That is why an application has a margin. A plan is advice before you talk to the network operator, and no promise.',
        ],
      },
    ],
    next: { to: '/plans/new', label: 'Begin a plan' },
  },
  {
    key: 'scenarios',
    title: 'Which way of charging should I choose?',
    about: 'What the scenarios mean, and how to read their results.',
    parts: [
      {
        heading: 'The scenarios',
        text: [
          'Unmanaged charging needs no control at all, and the largest connection. It is what happens if you only buy charge points.',
          'The lowest peak needs the smallest connection. The lowest cost charges when electricity is cheap, within the capacity that you have agreed. Within a profile keeps limits that change over the day.',
          'All of them charge the same energy. They differ in when, and so in the peak and in the price.',
        ],
      },
      {
        heading: 'Journeys that cannot be made',
        text: [
          'A result names each journey that is too long for the battery, or that leaves too little time to charge before it; with the miles that are possible, and what would help.',
          'Such a journey is impossible in every scenario. Change the vehicles, the charge points or the times, and work it out again.',
        ],
      },
    ],
    next: { to: '/plans', label: 'See your plans' },
  },
  {
    key: 'applying',
    title: 'What happens to my application?',
    about: 'From applying to the decision, and what the limits mean from then on.',
    parts: [
      {
        heading: 'After you have applied',
        text: [
          'The network operator checks whether the network can carry the limits in every half-hour, together with what it has agreed with others.',
          'The application is approved, or rejected with a reason. You find both among your applications and on the page of the site.',
        ],
      },
      {
        heading: 'Once it is approved',
        text: [
          'From its first day on the limits of the application are the limits of the site. Set your charging to keep them: the page of the site has them as a file.',
          'After its last day another limit counts: the one that you named, or else the agreed capacity. Apply for the next profile in good time.',
        ],
      },
    ],
    next: { to: '/applications', label: 'See your applications' },
  },
]
