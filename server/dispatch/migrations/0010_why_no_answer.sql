ALTER TABLE "instruction_attempt" ADD COLUMN "no_answer" text;--> statement-breakpoint
-- What the texts of earlier sendings said.
UPDATE "instruction_attempt" SET "no_answer" = CASE
	WHEN "outcome" LIKE 'handed-over%' THEN 'handed-over'
	WHEN "outcome" LIKE 'not-sent: e-mail%' OR "outcome" LIKE 'not-sent: no mail server%' THEN 'dno-failed'
	ELSE 'fsp-failed'
END
WHERE "outcome" LIKE 'handed-over%' OR "outcome" LIKE 'not-sent%' OR "outcome" LIKE 'unknown%';
