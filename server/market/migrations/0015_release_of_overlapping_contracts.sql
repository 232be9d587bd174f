-- A release only shrinks a contract's time. A contract from before may lack time that another one has, and its days can be released too.
CREATE OR REPLACE FUNCTION keep_contract_windows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM contract_window WHERE contract_id = NEW.contract_id;
	IF TG_OP = 'UPDATE' AND NEW.released_days @> OLD.released_days
		AND (NEW.fu_id, NEW.windows, NEW.valid_from, NEW.valid_to) = (OLD.fu_id, OLD.windows, OLD.valid_from, OLD.valid_to) THEN
		INSERT INTO contract_window (contract_id, fu_id, during)
		SELECT NEW.contract_id, NEW.fu_id, during
		FROM contract_times(NEW.windows, NEW.valid_from, NEW.valid_to, NEW.released_days) AS during
		ON CONFLICT DO NOTHING;
	ELSE
		INSERT INTO contract_window (contract_id, fu_id, during)
		SELECT NEW.contract_id, NEW.fu_id, during
		FROM contract_times(NEW.windows, NEW.valid_from, NEW.valid_to, NEW.released_days) AS during;
	END IF;
	RETURN NULL;
END
$$;
