ALTER TABLE "statement" ALTER COLUMN "scheme" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "statement" ADD COLUMN "line_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "statement" ADD COLUMN "delivered_wh" double precision DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE "statement" SET
	"line_count" = (SELECT count(*) FROM "statement_line" l WHERE l."statement_id" = "statement"."statement_id"),
	"delivered_wh" = (SELECT coalesce(sum(l."delivered_wh"), 0) FROM "statement_line" l WHERE l."statement_id" = "statement"."statement_id"),
	"scheme" = (SELECT CASE WHEN count(DISTINCT l."terms"->'scheme') = 1 THEN (min((l."terms"->'scheme')::text))::jsonb END
		FROM "statement_line" l WHERE l."statement_id" = "statement"."statement_id");
