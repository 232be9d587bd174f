-- Where a half-hour of a node comes from. Until now quality `derived` stood for an upload, but hubs that measure current only have it too:
-- a half-hour of a node that such a hub measures is taken for measured.
ALTER TABLE "node_half_hour" ADD COLUMN "source" text DEFAULT 'measured' NOT NULL;
--> statement-breakpoint
UPDATE "node_half_hour" n SET "source" = 'uploaded'
WHERE n."quality" = 'derived' AND n."completeness" = 1
  AND NOT EXISTS (SELECT FROM "hub" h WHERE h."node_id" = n."node_id" AND h."current_only");
--> statement-breakpoint
ALTER TABLE "node_half_hour" ADD CONSTRAINT "node_half_hour_source" CHECK ("source" IN ('measured', 'uploaded'));
--> statement-breakpoint
-- Whether a half-hour is known to be an import: a current alone does not tell.
ALTER TABLE "node_half_hour" ADD COLUMN "direction_known" boolean DEFAULT true NOT NULL;
--> statement-breakpoint
ALTER TABLE "connection_half_hour" ADD COLUMN "direction_known" boolean DEFAULT true NOT NULL;
--> statement-breakpoint
-- The active powers that the maps of known hubs promise: from their own map, that of their model, or the default map of their feeders;
-- overrides replace points by group and index.
INSERT INTO "hub_power" ("hub_id", "feeder", "phase", "held")
SELECT m."hub_id", m."feeder", m."phase", bool_or(m."dead_band" > 0)
FROM (
  SELECT h."hub_id", (p->>'feeder')::smallint AS "feeder", (p->>'phase')::"phase" AS "phase",
    coalesce((p->>'deadBand')::float8, 0) AS "dead_band"
  FROM "hub" h
  LEFT JOIN "point_map" pm ON pm."name" = h."point_map_name"
  CROSS JOIN LATERAL (
    SELECT x AS p FROM jsonb_array_elements(coalesce(h."point_map", pm."points", '[]'::jsonb)) x
    WHERE NOT EXISTS (
      SELECT FROM jsonb_array_elements(coalesce(h."point_overrides", '[]'::jsonb)) o
      WHERE o->'group' = x->'group' AND o->'index' = x->'index')
    UNION ALL SELECT o FROM jsonb_array_elements(coalesce(h."point_overrides", '[]'::jsonb)) o
  ) points
  WHERE p->>'quantity' = CASE WHEN h."current_only" THEN 'current' ELSE 'active-power' END
  UNION ALL
  SELECT f."hub_id", f."feeder", d."phase"::"phase", 0
  FROM "hub_feeder" f JOIN "hub" h ON h."hub_id" = f."hub_id"
  CROSS JOIN (VALUES ('L1'), ('L2'), ('L3')) d("phase")
  WHERE h."point_map" IS NULL AND h."point_map_name" IS NULL
) m
GROUP BY 1, 2, 3;
--> statement-breakpoint
UPDATE "hub_feeder" f SET "held" = true
WHERE f."powers" > 0 AND f."powers" = (
  SELECT count(*) FROM "hub_power" p WHERE p."hub_id" = f."hub_id" AND p."feeder" = f."feeder" AND p."held");
