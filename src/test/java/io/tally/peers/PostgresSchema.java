package io.tally.peers;

import io.tally.app.load.Model;
import io.tally.app.load.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/** The tables of one measurement, in a schema of their own. */
final class PostgresSchema implements AutoCloseable {
    private static final String NAME = "tally_peers";

    private final String url;
    private final Connection connection;

    private PostgresSchema(String url, Connection connection) {
        this.url = url;
        this.connection = connection;
    }

    /**
     * Makes the tables.
     *
     * @throws SQLException if the schema exists: it may be somebody's
     */
    static PostgresSchema create(String url) throws SQLException {
        Connection connection = connect(url);
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + NAME);
            statement.execute(tables());
        }
        return new PostgresSchema(url, connection);
    }

    private static String tables() {
        try (InputStream sql = PostgresSchema.class.getResourceAsStream("/peers/postgres.sql")) {
            return new String(sql.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Connection connect(String url) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(url);
        source.setCurrentSchema(NAME);
        return source.getConnection();
    }

    Connection connect(boolean synchronous) throws SQLException {
        Connection client = connect(url);
        try (Statement statement = client.createStatement()) {
            statement.execute("SET synchronous_commit = " + (synchronous ? "on" : "off"));
        }
        return client;
    }

    /** Holds all balances against the model; returns what is wrong with them. */
    List<String> check(Workload workload, List<PostgresClient> clients) throws SQLException {
        Model model = new Model(workload);
        long decided = 0;
        long end = clients.stream().mapToLong(PostgresClient::end).max().orElseThrow();
        for (long command = 0; command < end; command++) {
            if (clients.get(workload.user(command) % clients.size()).hasDecided(command)) {
                model.decide(command);
                decided++;
            }
        }
        try (Statement statement = connection.createStatement()) {
            List<String> faults = new ArrayList<>(balanceFaults(statement, workload, model));
            long entries = count(statement);
            if (entries != decided) {
                faults.add("Expected " + decided + " entries, but there are " + entries);
            }
            return faults;
        }
    }

    private static long count(Statement statement) throws SQLException {
        try (ResultSet count = statement.executeQuery("SELECT count(*) FROM entry")) {
            count.next();
            return count.getLong(1);
        }
    }

    private static List<String> balanceFaults(Statement statement, Workload workload, Model model) throws SQLException {
        List<String> faults = new ArrayList<>();
        try (ResultSet row = statement.executeQuery("SELECT user_id, balance, sequence FROM account")) {
            while (row.next()) {
                int user = workload.userOf(row.getString(1));
                BigDecimal balance = BigDecimal.valueOf(model.balance(user), 2);
                if (row.getBigDecimal(2).compareTo(balance) != 0 || row.getLong(3) != model.sequence(user)) {
                    faults.add("Expected " + balance + " for user " + user + ", but there are " + row.getString(2));
                }
            }
        }
        return faults;
    }

    @Override
    public void close() throws SQLException {
        try (connection;
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA " + NAME + " CASCADE");
        }
    }
}
