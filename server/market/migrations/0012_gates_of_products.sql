ALTER TABLE "submission_gate" DROP CONSTRAINT "submission_gate_kind_version_pk";--> statement-breakpoint
ALTER TABLE "submission_gate" ADD COLUMN "product" text;--> statement-breakpoint
-- Every product takes over the gates of before, but for a kind whose gate now closes on the day itself: a product that goes out on the day
-- before has its own default there.
INSERT INTO "submission_gate" ("product", "kind", "version", "settings", "changed_at", "changed_by")
SELECT p."product", g."kind", g."version", g."settings", g."changed_at", g."changed_by"
FROM "submission_gate" g CROSS JOIN "product" p
WHERE g."product" IS NULL AND (p."kind" <> 'day-ahead' OR NOT EXISTS (
	SELECT FROM "submission_gate" l WHERE l."product" IS NULL AND l."kind" = g."kind" AND (l."settings"->>'daysBefore')::integer = 0
		AND l."version" = (SELECT max("version") FROM "submission_gate" m WHERE m."product" IS NULL AND m."kind" = g."kind")
));--> statement-breakpoint
DELETE FROM "submission_gate" WHERE "product" IS NULL;--> statement-breakpoint
ALTER TABLE "submission_gate" ALTER COLUMN "product" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "submission_gate" ADD CONSTRAINT "submission_gate_product_kind_version_pk" PRIMARY KEY("product","kind","version");--> statement-breakpoint
ALTER TABLE "submission_gate" ADD CONSTRAINT "submission_gate_product_product_product_fk" FOREIGN KEY ("product") REFERENCES "public"."product"("product") ON DELETE no action ON UPDATE no action;
