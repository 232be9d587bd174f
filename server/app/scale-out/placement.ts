/** Where a table lives on a Citus cluster: on the nodes by a column, whole on every node, or on the coordinator alone. */
export type Place =
  | { readonly kind: 'distributed'; readonly by: string }
  | { readonly kind: 'reference' }
  | { readonly kind: 'local' }

/** Tables with the same place for the same reason. */
export interface Placement {
  readonly place: Place
  readonly because: string
  readonly tables: readonly string[]
}

const distributed = (by: string, because: string, tables: readonly string[]): Placement => ({
  place: { kind: 'distributed', by },
  because,
  tables,
})

const local = (because: string, tables: readonly string[]): Placement => ({ place: { kind: 'local' }, because, tables })

/**
 * The place of every table (docs/scale-out.md): what grows with time is distributed; what has a row per thing stays on the coordinator, with
 * its locks, foreign keys and row policies. Nothing is a reference table: PostgreSQL's foreign keys would draw every table that refers
 * to it into the cluster, and Citus takes no row policies with sub-selects there.
 */
export const placement: readonly Placement[] = [
  distributed('hub_id', 'grows with every poll of a hub, or is written anew with each', [
    'measurement',
    'measurement_batch',
    'hub_points',
    'hub_event',
  ]),
  distributed('connection_id', 'grows with every minute, half-hour or day of a connection', [
    'connection_import',
    'connection_half_hour',
    'monitor_half_hour',
    'compliance_day',
  ]),
  distributed('node_id', 'grows with every half-hour of a node', ['node_half_hour', 'load_forecast']),
  distributed('place_id', 'grows with every day of a node or connection', ['own_forecast']),
  distributed('fu_id', 'grows with every period or day of a flexible unit', [
    'meter_reading',
    'meter_day',
    'fu_forecast',
    'submitted_schedule',
    'dispatch_schedule',
    'schedule_selection',
    'live_reading',
  ]),
  local('a few rows per hub, locked by ingestion and joined with the hub', [
    'hub',
    'hub_feeder',
    'hub_power',
    'hub_contact',
    'hub_installation',
    'hub_document',
    'hub_former_holder',
    'feeder_power',
    'rollup_due',
    'point_map',
    'gateway_pool',
    'gateway_shard',
    'gateway_contact',
  ]),
  local('a few rows per connection or node, which others refer to', [
    'dno_group',
    'licence_area',
    'network_node',
    'node_terms',
    'network_import',
    'network_layout',
    'connection',
    'connection_mpan',
    'connection_group',
    'connection_group_member',
    'profile',
    'reverse_target',
    'target_level',
    'load_model',
  ]),
  local('one row per connection or unit, locked by compliance, with what it finds', [
    'compliance_status',
    'export_status',
    'fu_status',
    'breach',
    'implied_limit',
    'fail_safe_policy',
    'dynamic_limit',
    'dynamic_limit_terms',
  ]),
  local('parties, their units, authorities and contracts: few, under row policies, and referred to', [
    'fsp',
    'der',
    'flexible_unit',
    'flexible_unit_der',
    'fu_meter',
    'mpan_authority',
    'service_status',
    'service_to_others',
    'unit_reliability',
    'product',
    'product_version',
    'product_timetable',
    'tender',
    'tender_response',
    'tender_offer',
    'contract',
    'contract_window',
    'contract_terms',
    'fsp_notice',
    'fsp_notice_target',
    'customer_site',
    'site_consent',
    'told_version',
    'plan_asset',
    'plan_meter_history',
    'site_opening',
    'plan_run',
  ]),
  local('commands: locked row by row while they are sent, and moved from state to state', [
    'instruction',
    'instruction_attempt',
    'instruction_report',
    'connection_limit',
    'limit_attempt',
    'dispatch_cycle',
    'dispatch_stop',
    'delivery_reserve',
    'optimisation_run',
    'optimisation_unit',
    'pseudo_network',
    'rehearsal',
    'experiment',
  ]),
  local('statements and what waits for a decision: one unit of approval, with its lines', [
    'statement',
    'statement_line',
    'dispute',
    'held_upload',
    'meter_day_due',
  ]),
  local('alarms: few open at a time, each raised and settled under a lock', [
    'alarm',
    'alarm_journal',
    'alarm_notice',
    'alarm_out_of_service',
    'alarm_pending',
    'alarm_target',
    'feed',
    'feed_failure',
  ]),
  local('one chain in one order, linked by a trigger', ['audit_entry', 'audit_link']),
  local('accounts, keys, settings and the work of servers themselves', [
    'account',
    'customer',
    'data_provider',
    'portal_session',
    'recovery_code',
    'oauth_client',
    'client_credential',
    'oidc_payload',
    'signing_key',
    'brake',
    'proposal',
    'hand',
    'idempotency_key',
    'installation',
    'setting_version',
    'job_slot',
    'forecast_run',
    'data_feed',
    'data_delivery',
    'data_delivery_part',
    'demand_edition',
    'demand_edition_part',
    'demand_vehicle',
    'demand_run',
    'demand_run_area',
    'demand_run_node',
    'weather',
  ]),
]

/** Distributed tables without row policies on a cluster, and why that holds: Citus takes no policy that looks into another table. */
export const unguarded: Readonly<Record<string, string>> = {
  meter_reading: 'read and written by the FU that a verb has checked',
  meter_day: 'read and written by the FU that a verb has checked',
  submitted_schedule: 'read and written by the FU that a verb has checked',
  live_reading: 'read and written by the FU that a verb has checked',
}
