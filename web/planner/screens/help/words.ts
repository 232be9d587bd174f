/** A word of the trade in plain English. */
interface Entry {
  /** Part of the address, such as `kva`. */
  key: string
  word: string
  means: string
}

/** The words that these pages use, by name. */
export const glossary: readonly Entry[] = [
  {
    key: 'ac-dc',
    word: 'AC and DC',
    means:
      'Alternating and direct current. The network gives AC, batteries take DC. At an ordinary (AC) charge point the vehicle does the conversion; a rapid (DC) charge point does it itself, faster and at a much higher price.',
  },
  {
    key: 'agreed-capacity',
    word: 'Agreed capacity',
    means:
      'The most that your site may take from the network by its connection agreement, in kVA. Bills call it “available capacity”, “authorised supply capacity” or ASC. You pay for it by the day, used or not.',
  },
  {
    key: 'application',
    word: 'Application',
    means:
      'What you ask the network operator for: a profiled connection with certain limits, from one day to another. It is awaiting a decision, approved, or rejected with a reason.',
  },
  {
    key: 'total-cost',
    word: 'Everything over the years',
    means:
      'Purchase, installation and connection at the start, and energy, maintenance and capacity of every year, added up. Also called total cost of ownership.',
  },
  {
    key: 'fsp',
    word: 'Flexibility service provider (FSP)',
    means:
      'A company that is paid for moving electricity use to other times, such as the one that controls your charge points. It may read the profile of your site only if you allow it.',
  },
  {
    key: 'half-hour',
    word: 'Half-hourly readings',
    means:
      'The meter of a larger site counts what is used in each half-hour of the day. Your supplier sends these readings as a file when you ask.',
  },
  {
    key: 'import-limit',
    word: 'Import limit',
    means:
      'The most that your site may take from the network at a time, in kW. It comes from the agreed capacity, from a profiled connection, or for a few hours from an instruction.',
  },
  {
    key: 'kva',
    word: 'kVA (kilovolt-ampere)',
    means:
      'How large a connection is. Cables and transformers are built for kVA. It is nearly the same as kW: a site with a power factor of 0.95 gets 95 kW out of 100 kVA.',
  },
  {
    key: 'kw',
    word: 'kW (kilowatt)',
    means:
      'How fast electricity is used at a moment. A kettle takes 2 to 3 kW, an ordinary charge point 7.4 kW, a rapid one 50 kW or more.',
  },
  {
    key: 'kwh',
    word: 'kWh (kilowatt-hour)',
    means:
      'An amount of energy: 1 kW for an hour. Bills count in kWh. The battery of a large van holds 60 to 90 kWh, and a mile takes about half a kWh.',
  },
  {
    key: 'load',
    word: 'Load',
    means: 'What the site takes from the network at a moment, in kW: everything that is switched on, together.',
  },
  {
    key: 'background',
    word: 'Load without vehicles',
    means:
      'What the site takes for everything but electric vehicles: lights, heating, machines. Plans put the vehicles on top of it.',
  },
  {
    key: 'mpan',
    word: 'Meter point number (MPAN)',
    means: 'The 13 digits that name a supply of electricity. They stand on every bill.',
  },
  {
    key: 'dno',
    word: 'Network operator (DNO)',
    means:
      'The company that owns the cables and substations to your site. It is not your electricity supplier, who sells you the energy.',
  },
  {
    key: 'breach',
    word: 'Over the limit',
    means: 'A time during which the site took more than its limit allowed. The operator sees it too.',
  },
  {
    key: 'peak',
    word: 'Peak',
    means: 'The highest load of a time. The connection has to be large enough for it, even if it lasts half an hour.',
  },
  {
    key: 'power-factor',
    word: 'Power factor',
    means:
      'The share of kVA that does work as kW. 0.95 is usual; old motors and lighting make it lower. Multiply kVA by it to get kW.',
  },
  {
    key: 'profiled-connection',
    word: 'Profiled connection',
    means:
      'A connection whose limit changes over the day: high when the network has room, such as at night, and lower at busy times. It often lets a site charge many vehicles without waiting for new cables.',
  },
  {
    key: 'smart-charging',
    word: 'Smart charging',
    means:
      'Vehicles that are plugged in do not all charge at once: a controller decides which charges when, so that all are ready in time and the limit is kept.',
  },
  {
    key: 'tariff',
    word: 'Tariff',
    means: 'What a kWh costs at which time. With a cheaper night, charging at night saves money.',
  },
]
