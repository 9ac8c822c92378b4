package io.tally.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricNamesTest {
    @Test
    void shouldNameMetricsOnly() {
        assertThat(MetricNames.in("up{job=\"tally\"} == 0")).containsExactly("up");
        assertThat(MetricNames.in("sum by (job, le) (rate(a_bucket{route!~\"/x{id}.*|b\"}[5m])) > 1e3 and b"))
                .containsExactly("a_bucket", "b");
        assertThat(MetricNames.in("a / on (job) group_left (zone) b offset 5m or sum(c) without (d)"))
                .containsExactlyInAnyOrderElementsOf(Set.of("a", "b", "c"));
        assertThat(MetricNames.in("predict_linear(disk_free_bytes[6h], 86400) < 0"))
                .containsExactly("disk_free_bytes");
        assertThat(MetricNames.in("vector(1) * Inf + 5")).isEmpty();
        assertThat(MetricNames.in("rate(a[$__rate_interval]) + level:b:sum")).containsExactly("a", "level:b:sum");
    }
}
