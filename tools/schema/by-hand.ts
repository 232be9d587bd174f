/**
 * What only hand-written migrations can make, and why: the check of definitions passes over it. `TABLE: table` stands for all of a table's
 * parts.
 */
export const byHand: Readonly<Record<string, string>> = {
  'measurement: table': 'partitioned by time, which drizzle cannot say; read and written by COPY and SQL',
  'connection_import: table': 'partitioned by time',
  'connection_half_hour: table': 'partitioned by time',
  'monitor_half_hour: table': 'partitioned by time',
  'node_half_hour: table': 'partitioned by time',
  'contract_window: table': 'a range per delivery window, with an exclusion constraint',
  'profile: exclusion constraint profile_no_overlap': 'drizzle has no exclusion constraints',
  'flexible_unit_der: exclusion constraint flexible_unit_der_one_fu': 'drizzle has no exclusion constraints',
  'mpan_authority: exclusion constraint mpan_authority_one_fsp': 'drizzle has no exclusion constraints',
  'network_node: index network_node_search': 'an expression over the operators of pg_trgm',
  'flexible_unit: foreign key flexible_unit_group_id_connection_group_fk':
    'from the market to the grid, whose tables it may not import',
  'weather: foreign key weather_area_licence_area_fk': 'from planning to the grid, whose tables it may not import',
  'mpan_authority: foreign key mpan_authority_fsp_id_fsp_fsp_id_fk': 'to a slice above its own',
  'customer_site: foreign key customer_site_customer_id_fk': 'to a table whose definition it may not import',
  'customer_site: foreign key customer_site_connection_id_fk': 'to a table whose definition it may not import',
  'site_consent: foreign key site_consent_customer_id_fk': 'to a table whose definition it may not import',
  'site_consent: foreign key site_consent_connection_id_fk': 'to a table whose definition it may not import',
  'told_version: foreign key told_version_customer_id_fk': 'to a table whose definition it may not import',
  'told_version: foreign key told_version_profile_id_fk': 'to a table whose definition it may not import',
  'plan_asset: foreign key plan_asset_customer_id_fk': 'to a table whose definition it may not import',
  'plan_meter_history: foreign key plan_meter_history_customer_id_fk': 'to a table whose definition it may not import',
  'plan_run: foreign key plan_run_customer_id_fk': 'to a table whose definition it may not import',
  'plan_run: foreign key plan_run_profile_id_fk': 'to a table whose definition it may not import',
  'service_to_others: foreign key service_to_others_fsp_id_fk': 'to a table whose definition it may not import',
  'service_to_others: foreign key service_to_others_fu_id_fk': 'to a table whose definition it may not import',
  'data_feed: foreign key data_feed_provider_id_fk': 'to a table whose definition it may not import',
  'data_feed: foreign key data_feed_customer_id_fk': 'to a table whose definition it may not import',
  'data_feed: foreign key data_feed_feed_id_fk': 'to a table whose definition it may not import',
  'data_delivery: foreign key data_delivery_provider_id_fk': 'to a table whose definition it may not import',
  'data_delivery: foreign key data_delivery_edition_id_fk': 'to a table whose definition it may not import',
  'site_opening: foreign key site_opening_customer_id_fk': 'to a table whose definition it may not import',
}
