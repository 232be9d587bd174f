ALTER TABLE "mpan_authority" ADD CONSTRAINT "mpan_authority_fsp_id_fsp_fsp_id_fk" FOREIGN KEY ("fsp_id") REFERENCES "fsp"("fsp_id");
--> statement-breakpoint
-- One FSP at a time holds an MPAN (SEC03). An authority that ends on its first day has no days and is in nobody's way.
ALTER TABLE "mpan_authority" ADD CONSTRAINT "mpan_authority_one_fsp" EXCLUDE USING gist (
	"mpan" WITH =,
	daterange("valid_from", "valid_until") WITH &&
) WHERE ("status" = 'approved');
--> statement-breakpoint
-- A call by an FSP reads and writes its own only, beside the checks in code; the views below work as their caller, so that this holds in them.
ALTER TABLE "mpan_authority" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "mpan_authority" USING ((SELECT current_tenant()) IS NULL OR fsp_id = (SELECT current_tenant()));
--> statement-breakpoint
-- The MPANs that an FU needs authority over: those of its DERs and, for a whole site, all of its connection's. One that another connection
-- holds by now is NULL, which nobody has authority over.
CREATE VIEW "unit_mpan" WITH (security_invoker = true) AS
SELECT u.fu_id, u.fsp_id, CASE WHEN c.connection_id <> u.connection_id THEN NULL ELSE d.mpan END AS mpan
FROM flexible_unit u
	JOIN flexible_unit_der m ON m.fu_id = u.fu_id
	JOIN der d ON d.der_id = m.der_id
	LEFT JOIN connection_mpan c ON c.mpan = d.mpan
UNION
SELECT u.fu_id, u.fsp_id, c.mpan
FROM flexible_unit u JOIN connection_mpan c ON c.connection_id = u.connection_id
WHERE u.is_whole_site;
--> statement-breakpoint
-- The days on which an FU's FSP holds authority over all of them. An FU without a row has none.
CREATE VIEW "unit_authority" WITH (security_invoker = true) AS
SELECT n.fu_id, range_intersect_agg(coalesce(held.days, '{}'::datemultirange)) AS days
FROM unit_mpan n LEFT JOIN LATERAL (
	SELECT range_agg(daterange(a.valid_from, a.valid_until)) AS days
	FROM mpan_authority a
	WHERE a.mpan = n.mpan AND a.fsp_id = n.fsp_id AND a.status = 'approved'
) held ON true
GROUP BY n.fu_id;
--> statement-breakpoint
-- What was registered before authorities were kept: an authority from the registration on where no other FSP has a DER behind the MPAN,
-- otherwise an application of each, for the DNO to decide on.
INSERT INTO "mpan_authority" ("authority_id", "application_id", "fsp_id", "mpan", "status", "valid_from", "given_by", "reference",
	"applied_at", "applied_by", "decided_at", "decided_by")
SELECT gen_random_uuid(), gen_random_uuid(), r.fsp_id, r.mpan, CASE WHEN r.fsps = 1 THEN 'approved' ELSE 'applied' END,
	(r.at AT TIME ZONE 'Europe/London')::date, 'before-authorities', 'Registered before authorities were kept',
	r.at, 'system', CASE WHEN r.fsps = 1 THEN r.at END, CASE WHEN r.fsps = 1 THEN 'system' END
FROM (
	SELECT d.fsp_id, d.mpan, min(coalesce(e.at, f.decided_at, f.applied_at)) AS at, count(*) OVER (PARTITION BY d.mpan) AS fsps
	FROM der d JOIN fsp f ON f.fsp_id = d.fsp_id
		LEFT JOIN audit_entry e ON e.subject_type = 'der' AND e.subject_id = d.der_id::text AND e.action = 'der.registered'
	GROUP BY d.fsp_id, d.mpan
) r;
