import { Button } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import { batteryOption, type PlanOptions as Options, solarOption } from '../../../../../schemas/planning/sites/plan.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Section, Stack } from '../../../../shared/components/page.tsx'
import { useUnsavedGuard } from '../../../../shared/components/unsaved-guard.ts'
import { enteredOf, faultOf, shapeOf } from '../../../../shared/forms/shapes.ts'
import { isSameData } from '../../../../shared/same-data.ts'
import type { Plan } from '../assets.ts'
import type { MemberWords } from '../forms/members.ts'
import { usePlanChange } from '../use-plan.ts'

const solarWords: Record<string, MemberWords> = {
  areaM2: { label: 'Area of the panels', unit: 'm²' },
  insolationKwhPerM2Day: {
    label: 'Sun on a day',
    unit: 'kWh/m²',
    hint: 'Of the darkest month, to be cautious: about 0.6 in southern England.',
  },
  efficiencyPercent: { label: 'What of it reaches the site', unit: '%', hint: 'With all losses; 18 is usual.' },
  sunrise: { label: 'Sunrise', input: 'time' },
  sunset: { label: 'Sunset', input: 'time' },
  costGbp: { label: 'Price of the panels', unit: '£' },
  maintenanceGbpPerYear: { label: 'Maintenance of the panels in a year', unit: '£' },
}

const batteryWords: Record<string, MemberWords> = {
  usableKwh: { label: 'Energy of the battery', unit: 'kWh', hint: 'Of the battery at the site, not of vehicles.' },
  powerKw: { label: 'Power of the battery', unit: 'kW' },
  roundTripPercent: { label: 'What comes out of what goes in', unit: '%', hint: '90 is usual.' },
  costGbp: { label: 'Price of the battery', unit: '£' },
  maintenanceGbpPerYear: { label: 'Maintenance of the battery in a year', unit: '£' },
}

const solarStart = {
  areaM2: '100',
  insolationKwhPerM2Day: '0.6',
  efficiencyPercent: '18',
  sunrise: '08:00',
  sunset: '16:00',
  costGbp: '0',
  maintenanceGbpPerYear: '0',
}
const batteryStart = {
  usableKwh: '100',
  powerKw: '50',
  roundTripPercent: '90',
  costGbp: '0',
  maintenanceGbpPerYear: '0',
}

type Entered = Record<string, string>

interface Draft {
  dc: boolean
  taper: boolean
  solar: Entered | null
  battery: Entered | null
}

function entered(given: object | null): Entered | null {
  return given && Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]))
}

function draftOf({ dc, taper, solar, battery }: Options): Draft {
  return { dc, taper, solar: entered(solar), battery: entered(battery) }
}

/** What was entered of a part, or what is wrong with it, by member. */
function readPart<T>(contract: z.ZodType<T>, given: Entered | null): { value: T | null; faults: Map<string, string> } {
  const faults = new Map<string, string>()
  if (!given) return { value: null, faults }
  const shape = shapeOf(contract)
  const read = contract.safeParse(enteredOf(contract, given))
  for (const { path, message } of read.error?.issues ?? []) {
    const member = shape.kind === 'group' ? shape.members[String(path[0])] : undefined
    if (member) faults.set(String(path[0]), faultOf(shapeOf(member), message))
  }
  return { value: read.success ? read.data : null, faults }
}

/** What makes a plan harder to judge, and is off unless it is asked for. */
export function PlanOptions({ plan }: { plan: Plan }) {
  const change = usePlanChange(plan.assetId)
  const began = draftOf(plan.content.options)
  const [draft, setDraft] = useState(began)
  const [wasTried, setWasTried] = useState(false)
  const release = useUnsavedGuard(!isSameData(draft, began))
  const solar = readPart(solarOption, draft.solar)
  const battery = readPart(batteryOption, draft.battery)
  const faults = new Map(wasTried ? [...solar.faults, ...battery.faults] : [])
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    if (solar.faults.size + battery.faults.size > 0) return
    const options = { dc: draft.dc, taper: draft.taper, solar: solar.value, battery: battery.value }
    change.mutate((now) => ({ ...now, options }), { onSuccess: release })
  }
  return (
    <Section title="More: rapid charging, solar panels, a battery">
      <form onSubmit={onSubmit} noValidate>
        <Stack>
          <Fields>
            <YesNo
              label="Rapid (DC) charge points"
              hint="May types of charge points that are rapid be used?"
              value={draft.dc}
              onChange={(dc) => set({ dc })}
            />
            <YesNo
              label="Slower when nearly full"
              hint="Real vehicles charge more slowly above 80 %. With this, charging ends later."
              value={draft.taper}
              onChange={(taper) => set({ taper })}
            />
            <YesNo
              label="Solar panels"
              hint="Nothing is sold to the network: what the site cannot use is not counted."
              value={draft.solar !== null}
              onChange={(isOn) => set({ solar: isOn ? solarStart : null })}
            />
            <Part words={solarWords} given={draft.solar} faults={faults} onChange={(next) => set({ solar: next })} />
            <YesNo
              label="A battery at the site"
              hint="It is charged when there is room, and helps when there is not."
              value={draft.battery !== null}
              onChange={(isOn) => set({ battery: isOn ? batteryStart : null })}
            />
            <Part
              words={batteryWords}
              given={draft.battery}
              faults={faults}
              onChange={(next) => set({ battery: next })}
            />
          </Fields>
          {faults.size > 0 && <Notice tone="risk">Some fields must be corrected before this can be saved.</Notice>}
          {change.isError && <ProblemNotice error={change.error} />}
          <div>
            <Button type="submit" disabled={isSameData(draft, began)} loading={change.isPending}>
              Save the options
            </Button>
          </div>
        </Stack>
      </form>
    </Section>
  )
}

interface YesNoProps {
  label: string
  hint: string
  value: boolean
  onChange: (value: boolean) => void
}

function YesNo({ label, hint, value, onChange }: YesNoProps) {
  return (
    <Choice
      label={label}
      hint={hint}
      value={value ? 'yes' : 'no'}
      onChange={(event) => onChange(event.currentTarget.value === 'yes')}
    >
      <option value="no">No</option>
      <option value="yes">Yes</option>
    </Choice>
  )
}

interface PartProps {
  words: Readonly<Record<string, MemberWords>>
  given: Entered | null
  faults: ReadonlyMap<string, string>
  onChange: (next: Entered) => void
}

function Part({ words, given, faults, onChange }: PartProps) {
  if (!given) return null
  return Object.entries(words).map(([name, { label, hint, unit, input }]) => (
    <Field
      key={name}
      label={label}
      hint={hint}
      unit={unit}
      type={input === 'time' ? 'time' : 'text'}
      inputMode={input === 'time' ? undefined : 'decimal'}
      value={given[name] ?? ''}
      fault={faults.get(name)}
      onChange={(event) => onChange({ ...given, [name]: event.currentTarget.value })}
    />
  ))
}
