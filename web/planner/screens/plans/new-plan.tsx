import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { OwnSite } from '../../../../schemas/market/customers.ts'
import type { PlanAsset } from '../../../../schemas/planning/sites/assets.ts'
import { Choice, Field, Fields } from '../../../shared/components/fields.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { assetsQuery } from '../../plan-queries.ts'
import { sitesQuery } from '../../queries.ts'
import { assetsOf } from './assets.ts'
import styles from './forms/forms.module.css'
import { saveAsset } from './use-plan.ts'

/** Begins a plan: its name, and the site that it is for. */
export function NewPlan() {
  const [assets, sites] = [useQuery(assetsQuery), useQuery(sitesQuery)]
  return (
    <Page
      title="New plan"
      subtitle="Give it a name and choose the site. Everything else follows in steps, and can be changed later."
      actions={<LinkButton to="/plans">All plans</LinkButton>}
    >
      <Section>
        <Loaded query={assets}>
          {(known) => <Loaded query={sites}>{(own) => <NewPlanForm assets={known} sites={own} />}</Loaded>}
        </Loaded>
      </Section>
    </Page>
  )
}

/** What the plan is for: a site that was planned before, one of the customer's connections, or another place. */
interface SiteChoice {
  key: string
  text: string
  siteId: string | null
  name: string
  ascKva: number | null
}

const elsewhere = 'elsewhere'

function choicesOf(assets: readonly PlanAsset[], sites: readonly OwnSite[]): SiteChoice[] {
  const planned = assetsOf(assets, 'site')
  const own = sites.filter(({ name }) => !planned.some((site) => site.name === name))
  return [
    ...planned.map(({ assetId, name, content }) => {
      return { key: assetId, text: name, siteId: assetId, name, ascKva: content.ascKva }
    }),
    ...own.map(({ connectionId, name, ascKva }) => {
      return { key: connectionId, text: `${name} (${ascKva} kVA agreed)`, siteId: null, name, ascKva }
    }),
    { key: elsewhere, text: 'Another place', siteId: null, name: '', ascKva: null },
  ]
}

interface NewPlanFormProps {
  assets: readonly PlanAsset[]
  sites: readonly OwnSite[]
}

function NewPlanForm({ assets, sites }: NewPlanFormProps) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const choices = choicesOf(assets, sites)
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState(choices[0]?.key ?? elsewhere)
  const [place, setPlace] = useState('')
  const [wasTried, setWasTried] = useState(false)
  // Made once, so that a second try after a lost answer adds nothing twice.
  const [ids] = useState(() => [crypto.randomUUID(), crypto.randomUUID()] as const)
  const choice = choices.find(({ key }) => key === chosen)
  const siteName = chosen === elsewhere ? place.trim() : (choice?.name ?? '')
  const faults = {
    name: name.trim() === '' ? 'Give the plan a name.' : null,
    place: siteName === '' ? 'Say what the place is called.' : null,
  }
  const create = useMutation({
    mutationFn: async () => {
      const [newSiteId, planId] = ids
      const siteId = choice?.siteId ?? newSiteId
      if (!choice?.siteId && !(await isThere(newSiteId)))
        await saveAsset(siteId, siteForm(siteName, choice?.ascKva ?? null), null)
      await saveAsset(planId, planForm(name.trim(), siteId), null)
      return planId
    },
    onSuccess: async (planId) => {
      await queries.invalidateQueries({ queryKey: assetsQuery.queryKey })
      void navigate({ to: '/plans/$planId/site', params: { planId } })
    },
  })
  /** Whether a first try has stored the site already. */
  const isThere = async (siteId: string) => {
    const known = await queries.fetchQuery({ ...assetsQuery, staleTime: 0 })
    return known.some(({ assetId }) => assetId === siteId)
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    if (faults.name === null && faults.place === null) create.mutate()
  }
  return (
    <form onSubmit={onSubmit} noValidate className={styles.form}>
      <Fields>
        <Field
          label="Name of the plan"
          hint="For example: Twenty vans by 2028."
          maxLength={100}
          value={name}
          fault={wasTried ? faults.name : null}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Choice
          label="Site"
          hint="Where the vehicles are to be charged. What you enter of a site is used again in other plans of it."
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
        >
          {choices.map(({ key, text }) => (
            <option key={key} value={key}>
              {text}
            </option>
          ))}
        </Choice>
        {chosen === elsewhere && (
          <Field
            label="Name of the place"
            hint="A depot that you do not have yet, or one with another network operator."
            maxLength={100}
            value={place}
            fault={wasTried ? faults.place : null}
            onChange={(event) => setPlace(event.currentTarget.value)}
          />
        )}
      </Fields>
      {create.isError && <ProblemNotice error={create.error} />}
      <div className={styles.actions}>
        <Button type="submit" variant="filled" loading={create.isPending}>
          Begin
        </Button>
      </div>
    </form>
  )
}

function siteForm(name: string, ascKva: number | null) {
  const content = { ascKva, powerFactor: 0.95, spaceM2: null, assumedPeakKw: null, kwhPerYear: null }
  return { kind: 'site' as const, name, content }
}

function planForm(name: string, siteId: string) {
  const options = { dc: false, taper: false, solar: null, battery: null }
  const content = { siteId, groupIds: [], chargePoints: [], tariffId: null, costsId: null, profile: null, options }
  return { kind: 'scenario' as const, name, content }
}
